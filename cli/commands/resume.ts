/** `npm run resume`: buys and exits run again. */
import { runCommand } from '../command.ts';
import { setHalt } from '../set-halt.ts';

await runCommand({
  help: `Usage: npm run resume [-- OPTIONS]

Lets buys and exits run. A new stage buys nothing until this was called once.

  --stage S   on the deployed stage S; without it, on the local stack
  --json      prints the switch as one JSON line
  --help      prints this

Exit code: 0; 1 when the switch could not be set; 2 wrong usage.
`,
  options: { stage: { type: 'string' }, json: { type: 'boolean' } },
  run: async (target) => setHalt(() => ({ buys: 'running', exits: 'running' }), target),
});
