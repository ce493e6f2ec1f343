import { CommandError } from './command-error.ts';
import type { HeliusWebhook, HeliusWebhooks, WebhookWish } from './helius-webhooks.ts';
import { type WatchPlan, accountLines } from './webhook-plan.ts';

/** What an action has to say: to people, and as one JSON value. */
export type ActionReport = {
  readonly lines: readonly string[];
  readonly json: unknown;
  readonly exitCode: 0 | 1;
};

/** Makes the webhook of this URL, or brings the one that is there up to date: never a second one. */
export async function createWebhook(
  helius: HeliusWebhooks,
  {
    url,
    secret,
    plan,
  }: { readonly url: string; readonly secret: string; readonly plan: WatchPlan },
): Promise<ActionReport> {
  const { accounts, unwatched } = plan;
  if (accounts.length === 0) {
    throw new CommandError(
      'no configured venue has an account of its own to watch: --programs watches whole programs',
    );
  }
  const wish = {
    webhookURL: url,
    accountAddresses: accounts.map(({ account }) => account),
    authHeader: secret,
  };
  const [existing, ...doubles] = (await helius.list()).filter(
    ({ webhookURL }) => webhookURL === url,
  );
  const { action, webhook } = await bringAbout(helius, wish, existing);
  const lines = [
    `${action} webhook ${webhook.webhookID}: raw, ${accounts.length} accounts, to ${url}`,
    ...accountLines(accounts).map((line) => `  ${line}`),
    ...(unwatched.length === 0
      ? []
      : [
          `not watched: ${unwatched.join(', ')}. Only their whole programs tell of their pools, at one credit for each swap: --programs, or [detector] sweep_programs`,
        ]),
    ...doubles.map(
      ({ webhookID }) =>
        `a second webhook has this URL, and each of its deliveries costs: npm run webhook -- delete --id ${webhookID}`,
    ),
  ];
  return {
    lines,
    json: {
      action,
      webhook,
      accounts,
      unwatched,
      doubles: doubles.map(({ webhookID }) => webhookID),
    },
    exitCode: doubles.length === 0 ? 0 : 1,
  };
}

async function bringAbout(
  helius: HeliusWebhooks,
  wish: WebhookWish,
  existing: HeliusWebhook | undefined,
) {
  if (existing === undefined) return { action: 'created', webhook: await helius.create(wish) };
  const { webhookID, active } = existing;
  if (active) return { action: 'updated', webhook: await helius.update(webhookID, wish) };
  // Helius has switched it off, since too many deliveries failed: an update leaves it so.
  await helius.remove(webhookID);
  return { action: 'replaced', webhook: await helius.create(wish) };
}

/** All webhooks of the key, and which of them is ours. */
export async function listWebhooks(
  helius: HeliusWebhooks,
  ownUrl: string | undefined,
): Promise<ActionReport> {
  const webhooks = await helius.list();
  const line = ({ webhookID, webhookType, webhookURL, accountAddresses, active }: HeliusWebhook) =>
    [
      webhookID,
      webhookType,
      `${accountAddresses.length} accounts`,
      webhookURL,
      ...(active ? [] : ['SWITCHED OFF']),
      ...(webhookURL === ownUrl ? ['(this stage)'] : []),
    ].join('  ');
  return {
    lines: webhooks.length === 0 ? ['no webhook'] : webhooks.map(line),
    json: webhooks,
    exitCode: 0,
  };
}

/** Removes the webhooks of this URL, or the one of this id. */
export async function deleteWebhooks(
  helius: HeliusWebhooks,
  which: { readonly url: string } | { readonly id: string },
): Promise<ActionReport> {
  const ids =
    'id' in which
      ? [which.id]
      : (await helius.list())
          .filter(({ webhookURL }) => webhookURL === which.url)
          .map(({ webhookID }) => webhookID);
  const deleted: string[] = [];
  for (const id of ids) if (await helius.remove(id)) deleted.push(id);
  const name = 'id' in which ? `the id ${which.id}` : `the URL ${which.url}`;
  return {
    lines:
      deleted.length === 0
        ? [`there is no webhook of ${name}`]
        : deleted.map((id) => `deleted webhook ${id}`),
    json: { deleted },
    exitCode: deleted.length === 0 ? 1 : 0,
  };
}
