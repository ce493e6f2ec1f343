/** `npm run resume`: buys and exits run again, and breakers that have tripped are reset. */
import { clearBreakers } from '#shared/adapters/aws/dynamo-trade-books.ts';
import { runCommand } from '../command.ts';
import { connect } from '../connection.ts';
import { setHalt } from '../set-halt.ts';

await runCommand({
  help: `Usage: npm run resume [-- OPTIONS]

Lets buys and exits run, and resets the breakers: losses in a row and drawdown are counted anew. A
new stage buys nothing until this was called once.

  --stage S   on the deployed stage S; without it, on the local stack
  --json      prints the switch as one JSON line
  --help      prints this

Exit code: 0; 1 when the switch could not be set; 2 wrong usage.
`,
  options: { stage: { type: 'string' }, json: { type: 'boolean' } },
  run: async (target) => {
    const { dynamodb, output } = await connect(target);
    await clearBreakers(dynamodb, output('TradesTable'), AbortSignal.timeout(10_000));
    return setHalt(() => ({ buys: 'running', exits: 'running' }), target);
  },
});
