/** `npm run webhook`: the Helius webhook that tells the detector of new pools. */
import { readSecret, readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { type Connection, connect } from '../connection.ts';
import { HELIUS_API, heliusWebhooks } from '../helius-webhooks.ts';
import { stackConfig } from '../stack-config.ts';
import { createWebhook, deleteWebhooks, listWebhooks } from '../webhook-actions.ts';
import { watchPlan } from '../webhook-plan.ts';

const ACTIONS = ['create', 'list', 'delete'] as const;

await runCommand({
  help: `Usage: npm run webhook -- create|list|delete [OPTIONS]

  create        a webhook of type raw on the accounts that tell of new pools; one that has the same
                URL is brought up to date, or replaced if Helius has switched it off. Prints what
                is watched, and why
  list          the webhooks of the API key
  delete        the webhook of the URL

  --url URL     where deliveries go; without it the detector's address of the stage
  --id ID       delete: the webhook of this id instead
  --programs    create: whole programs too, for venues without an account that only creations name.
                Each swap on them costs a credit
  --stage S     of the deployed stage S; without it, of the local stack (create: with --url, a tunnel)
  --json        one JSON object
  --help        prints this

The API key is the environment variable HELIUS_API_KEY, else the stage's upstream secret has it.
HELIUS_API_URL names another address than ${HELIUS_API}.

Exit code: 0; 1 when Helius refused, nothing was to be deleted, or two webhooks have the URL;
2 wrong usage.
`,
  options: {
    url: { type: 'string' },
    id: { type: 'string' },
    programs: { type: 'boolean' },
    stage: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: true,
  async run({ url, id, programs, stage, json }, [actionName, ...rest]) {
    const action = ACTIONS.find((name) => name === actionName);
    if (action === undefined || rest.length > 0) {
      throw new CommandError(`what shall be done: ${ACTIONS.join(', ')}? See --help`, {
        exitCode: 2,
      });
    }
    const baseUrl = process.env['HELIUS_API_URL'] ?? HELIUS_API;
    let connected: Promise<Connection> | undefined;
    const connection = async (): Promise<Connection> => (connected ??= connect({ stage }));
    const target = async (): Promise<string> =>
      reachable(url ?? (await connection()).output('DetectorUrl'), baseUrl);
    const helius = heliusWebhooks({ baseUrl, apiKey: await apiKey(connection) });

    const carryOut = async () => {
      switch (action) {
        case 'create': {
          const plan = watchPlan(stackConfig({ stage }), { programs: programs === true });
          const to = await target();
          const { output, secrets } = await connection();
          const secret = await readSecret(output('WebhookSecret'), secrets());
          return createWebhook(helius, { url: to, secret, plan });
        }
        case 'list':
          return listWebhooks(helius, url ?? (stage === undefined ? undefined : await target()));
        case 'delete':
          return deleteWebhooks(helius, id === undefined ? { url: await target() } : { id });
      }
    };
    const report = await carryOut();
    const text = json === true ? JSON.stringify(report.json) : report.lines.join('\n');
    process.stdout.write(`${text}\n`);
    return report.exitCode;
  },
});

async function apiKey(connection: () => Promise<Connection>): Promise<string> {
  const fromEnvironment = process.env['HELIUS_API_KEY'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  const { output, secrets, where } = await connection();
  const { HELIUS_API_KEY: key } = await readUpstreamKeys(output('UpstreamSecret'), secrets());
  if (key !== undefined && key !== '') return key;
  throw new CommandError(
    `there is no Helius API key: set the environment variable HELIUS_API_KEY, or that key in the upstream secret of ${where}`,
  );
}

/** @throws {CommandError} for an address that Helius could not reach. */
function reachable(url: string, baseUrl: string): string {
  if (url.startsWith('https://') || isLoopback(baseUrl)) return url;
  throw new CommandError(
    `Helius cannot deliver to ${url}: name an https address with --url, or a deployed stage with --stage`,
    { exitCode: 2 },
  );
}

function isLoopback(url: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);
}
