import { spawnSync } from 'node:child_process';

const STEPS = [
  ['tsc', '--noEmit'],
  // The page's browser code has the DOM, and nothing of Node.
  ['tsc', '--noEmit', '--project', 'cli/page/browser'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['oxfmt', '--check'],
] as const;

// All of them, also when the first one fails: one run tells everything there is to mend.
for (const [command, ...args] of STEPS) {
  process.stderr.write(`${[command, ...args].join(' ')}\n`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exitCode = 1;
}
