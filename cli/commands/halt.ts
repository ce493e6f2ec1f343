/** `npm run halt`: no new trades from now on. */
import { runCommand } from '../command.ts';
import { setHalt } from '../set-halt.ts';

await runCommand({
  help: `Usage: npm run halt [-- OPTIONS]

Stops buys: from now on no trade is claimed. Positions are still sold by their plan.

  --all       stops exits as well: nothing is sold until \`npm run resume\`
  --stage S   on the deployed stage S; without it, on the local stack
  --json      prints the switch as one JSON line
  --help      prints this

Exit code: 0; 1 when the switch could not be set; 2 wrong usage.
`,
  options: {
    all: { type: 'boolean' },
    stage: { type: 'string' },
    json: { type: 'boolean' },
  },
  run: async ({ all, ...target }) =>
    setHalt(
      ({ exits, changedAt }) => ({
        buys: 'halted',
        // A switch that was never set reads as halted, but nobody has asked to stop the exits.
        exits: all === true ? 'halted' : changedAt === 0 ? 'running' : exits,
      }),
      target,
    ),
});
