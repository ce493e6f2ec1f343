/** `npm run doctor`: is everything in order, and what to do where it is not. */
import { runCommand } from '../command.ts';
import { DOCTOR_CHECKS } from '../doctor/checks.ts';
import { doctorContext } from '../doctor/doctor-context.ts';
import { examine, findingLines } from '../doctor/examine.ts';

await runCommand({
  help: `Usage: npm run doctor [-- OPTIONS]

Looks at versions, configuration, stack, secrets, RPC endpoints, watched accounts, halt switch and
queues: a line for each, and what to do below what is not in order. Never shows a secret.

  --stage S   the deployed stage S; without it, this machine and the local stack
  --json      one JSON object a check: {name, status, detail, fix, items}; status is ok, warn, bad
              or unknown (could not be looked at)
  --help      prints this

Exit code: 0; 1 when a check is bad; 2 wrong usage.
`,
  options: { stage: { type: 'string' }, json: { type: 'boolean' } },
  async run({ stage, json }) {
    const findings = await examine(DOCTOR_CHECKS, doctorContext({ stage }));
    const lines =
      json === true ? findings.map((finding) => JSON.stringify(finding)) : findingLines(findings);
    process.stdout.write(`${lines.join('\n')}\n`);
    return findings.some(({ status }) => status === 'bad') ? 1 : 0;
  },
});
