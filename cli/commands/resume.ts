/** `npm run resume`: buys and exits run again, and breakers that have tripped are reset. */
import { clearBreakers } from '#shared/adapters/aws/dynamo-trade-books.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { connect } from '../connection.ts';
import { preflight } from '../preflight.ts';
import { setHalt } from '../set-halt.ts';
import { stackConfig } from '../stack-config.ts';

await runCommand({
  help: `Usage: npm run resume [-- OPTIONS]

Lets buys and exits run, and resets the breakers: losses in a row and drawdown are counted anew. A
new stage buys nothing until this was called once. In mode live it first looks at the wallet's key and
balance, the limits, both nodes and Jupiter, and refuses while one of them is not ready.

  --stage S   on the deployed stage S; without it, on the local stack
  --json      prints the switch as one JSON line
  --help      prints this

Exit code: 0; 1 when the switch could not be set; 2 wrong usage.
`,
  options: { stage: { type: 'string' }, json: { type: 'boolean' } },
  run: async (target) => {
    const { dynamodb, output, kms, secrets } = await connect(target);
    const config = stackConfig(target);
    if (config.mode === 'live') {
      const keys = await readUpstreamKeys(output('UpstreamSecret'), secrets());
      const findings = await preflight(config, keys, { kms: kms(), keyId: output('WalletKey') });
      const lines = findings.map(({ ok, says }) => `${ok ? 'ok' : 'NO'}  ${says}`);
      process.stderr.write(`${lines.join('\n')}\n`);
      if (findings.some(({ ok }) => !ok)) {
        throw new CommandError('not ready for real money: nothing was resumed');
      }
    }
    await clearBreakers(dynamodb, output('TradesTable'), AbortSignal.timeout(10_000));
    return setHalt(() => ({ buys: 'running', exits: 'running' }), target);
  },
});
