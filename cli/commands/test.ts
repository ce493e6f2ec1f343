import { spawnSync } from 'node:child_process';

// Everything, or what the arguments name: `npm test -- --project unit`.
const { status } = spawnSync('vitest', ['run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
