import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

import { aLaunch, aPool, openedBy } from '../support/chain-transactions.ts';
import { signatureNamed } from '../support/detections.ts';

const command = fileURLToPath(new URL('../../cli/commands/detect.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'volley-detect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function detect(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    input,
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, lines, stdout, stderr };
}

describe('npm run detect', () => {
  it('prints one JSON line for each pool of each file', () => {
    const both = file('both.json', [aLaunch({ name: 'a' }), aPool({ name: 'b' })]);
    const failed = file('failed.json', aPool({ name: 'c', failed: true }));
    const { status, lines, stderr } = detect([both, failed, '--json']);

    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        file: both,
        signature: signatureNamed('a'),
        slot: 400_000_000,
        venue: 'pump-fun',
        event: 'launch',
        ...openedBy('a'),
      }),
      expect.objectContaining({ file: both, signature: signatureNamed('b'), ...openedBy('b') }),
    ]);
    expect(stderr).toContain('2 transactions read, 0 of them failed on chain; 2 pools opened');
    expect(stderr).toContain('1 transaction read, 1 of them failed on chain; 0 pools opened');
    expect(status).toBe(0);
  });

  it('reads standard input for "-"', () => {
    const { status, lines } = detect(['-'], JSON.stringify(aPool({ name: 'd' })));

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ file: '-', ...openedBy('d') });
    expect(status).toBe(0);
  });

  it('goes on after a file that it cannot read, and ends with 1', () => {
    const broken = file('broken.json', '{"x');
    const missing = join(folder, 'missing.json');
    const enhanced = file('enhanced.json', [{ type: 'SWAP', tokenTransfers: [] }]);
    const good = file('good.json', aPool({ name: 'e' }));
    const { status, lines, stderr } = detect([broken, missing, enhanced, good]);

    expect(lines).toHaveLength(1);
    expect(stderr).toContain('it is not JSON');
    expect(stderr).toContain('missing.json: cannot be read');
    expect(stderr).toContain('set the webhook\'s type to "raw"');
    expect(status).toBe(1);
  });

  it.each([
    { args: [], status: 2 },
    { args: ['--unknown'], status: 2 },
    { args: ['--help'], status: 0 },
  ])('ends with $status for $args, and says how it is used', ({ args, status }) => {
    const told = detect(args);

    expect(told.status).toBe(status);
    expect(told.stdout + told.stderr).toContain('Usage: npm run detect -- FILE…');
  });
});
