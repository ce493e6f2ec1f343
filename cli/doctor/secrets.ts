import { readSecret } from '#shared/adapters/aws/secrets.ts';
import { liveKeys } from '#infra/local/live/live-keys.ts';
import type { DoctorCheck } from './check.ts';

/** Shorter ones can be guessed; the one that the template makes has 40 characters. */
const SHORTEST_SECRET = 20;

/** The webhook's secret and the upstreams' keys are there. Values are never shown. */
export const secrets: DoctorCheck = {
  name: 'secrets',
  run: async ({ stage, config, connection, keys }) => {
    const { output, secrets: client } = await connection();
    const webhookSecret = await readSecret(output('WebhookSecret'), client());
    if (webhookSecret.length < SHORTEST_SECRET) {
      return {
        status: 'bad',
        detail: `the webhook secret has only ${webhookSecret.length} characters`,
        fix: `put a random text of 40 letters and digits into the secret, then: npm run webhook -- create${stage === undefined ? '' : ` --stage ${stage}`}`,
      };
    }
    const { missing, without } = liveKeys(config(), await keys());
    if (missing.length > 0) {
      return {
        status: 'bad',
        detail: `without a value: ${missing.join(', ')}; addresses in config/trading.toml need them`,
        fix: `put them into the upstream secret as a JSON object (the output UpstreamSecret names it)`,
      };
    }
    if (without.length > 0) {
      return {
        status: 'warn',
        detail: `without a value: ${without.join(', ')}; these upstreams are asked less, or not at all`,
        fix: 'put them into the upstream secret, if you have them',
      };
    }
    return { status: 'ok', detail: 'the webhook secret and all keys are there' };
  },
};
