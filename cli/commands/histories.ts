import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { positiveNumber } from '../command-arguments.ts';
import { runCommand } from '../run-command.ts';

const HELP = `npm run histories [-- --runs N]

Runs the trade machine through N random histories (100,000 unless said otherwise) of duplicate and
late deliveries, crashes after any step, lost transactions, failing, lagging and lying nodes, and
checks after each step that no token is bought twice, no cap is overspent and nothing is sent that
was not stored. \`npm test\` runs 2,000 of them.
`;

await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: { runs: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const runs = positiveNumber('--runs', values.runs) ?? 100_000;
  const test = ['run', '--project', 'property', 'test/property/trade-machine.test.ts'];
  const { status } = spawnSync('vitest', test, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, VOLLEY_HISTORIES: String(runs) },
  });
  return status === 0 ? 0 : 1;
});
