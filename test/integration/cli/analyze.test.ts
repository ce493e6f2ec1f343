import { spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

const analyzeCommand = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['cli/commands/analyze.ts', ...args],
    { encoding: 'utf8', env: { ...process.env, VOLLEY_LOCAL_FILE: '/nowhere/local.json' } },
  );
  return { status, stdout, stderr };
};

describe('npm run analyze', () => {
  it.each([
    { when: 'no mint is named', args: [], status: 2, sentence: 'name at least one mint' },
    { when: 'an option is unknown', args: ['--bogus'], status: 2, sentence: '--bogus' },
    {
      when: 'no stack runs',
      args: ['So11111111111111111111111111111111111111112'],
      status: 1,
      sentence: 'no local stack is running: start it with `npm start`',
    },
  ])('ends with $status when $when', ({ args, status, sentence }) => {
    const ended = analyzeCommand(...args);
    expect(ended.stderr).toContain(sentence);
    expect(ended).toMatchObject({ status, stdout: '' });
  });

  it('prints its help', () => {
    expect(analyzeCommand('--help').stdout).toContain('Usage: npm run analyze -- MINT…');
  });
});
