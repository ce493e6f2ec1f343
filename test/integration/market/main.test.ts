import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

import { rpc } from './market-client.ts';

const entry = fileURLToPath(new URL('../../../infra/local/market/main.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...flags: string[]) {
  const child = spawn(process.execPath, [entry, ...flags], { stdio: 'pipe' });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const ready = async () => {
    await expect.poll(() => said.out, { timeout: 20_000 }).toContain('\n');
    return JSON.parse(said.out) as { ready: boolean; port: number };
  };
  return { child, said, ended, ready };
}

describe('the market as a process', () => {
  it('says in one line that it is ready, answers, and ends on SIGTERM', async () => {
    const { child, ended, ready } = start('--latency-ms', '0');
    const line = await ready();
    expect(line).toEqual({ ready: true, port: line.port });
    expect(line.port).toBeGreaterThan(0);
    expect(await rpc(`http://127.0.0.1:${line.port}`, 'getHealth')).toMatchObject({ result: 'ok' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends when whoever started it is gone', async () => {
    const { child, ended, ready } = start('--latency-ms', '0');
    await ready();
    child.stdin.end();
    expect(await ended).toBe(0);
  });

  it('says so when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { said, ended } = start('--port', String(port));
    expect(await ended).toBe(1);
    expect(said.err).toContain('the port is taken');
    server.close();
  });

  it.each([
    [['--faults', 'some'], /faults/],
    [['--venues', 'uniswap'], /no opening or venue "uniswap"/],
    [['--nonsense'], /nonsense/],
  ])('refuses %j', async (flags, reason) => {
    const { said, ended } = start(...flags);
    expect(await ended).toBe(2);
    expect(said.err).toMatch(reason);
    expect(said.out).toBe('');
  });
});
