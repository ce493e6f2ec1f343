import { request } from 'undici';
import * as z from 'zod';

import { type Pause, systemPause } from '#shared/ports/pause.ts';
import { CommandError } from './command-error.ts';
import { plain } from './terminal.ts';

/** Where Helius manages webhooks; `HELIUS_API_URL` names another place. */
export const HELIUS_API = 'https://api-mainnet.helius-rpc.com';

const webhookSchema = z.object({
  webhookID: z.string(),
  webhookURL: z.string(),
  webhookType: z.string(),
  accountAddresses: z.array(z.string()).default([]),
  /** False when Helius has switched it off: too many deliveries failed. */
  active: z.boolean().default(true),
});
/** A webhook as Helius answers it, its authorization header left out. */
export type HeliusWebhook = z.infer<typeof webhookSchema>;

/** What a webhook is to be. */
export type WebhookWish = {
  readonly webhookURL: string;
  readonly accountAddresses: readonly string[];
  /** Echoed in the `Authorization` header of each delivery. */
  readonly authHeader: string;
};

/**
 * Helius's management of webhooks; each call costs 100 credits.
 * Every call throws a {@link CommandError} that says what Helius refused, without the key.
 */
export type HeliusWebhooks = {
  readonly list: () => Promise<HeliusWebhook[]>;
  readonly create: (wish: WebhookWish) => Promise<HeliusWebhook>;
  readonly update: (webhookId: string, wish: WebhookWish) => Promise<HeliusWebhook>;
  /** False when there was none of this id. */
  readonly remove: (webhookId: string) => Promise<boolean>;
};

export type HeliusOptions = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly pause?: Pause;
};

const TIMEOUT_MS = 15_000;
/** Pauses before a call that was one too many is made again. */
const RETRY_PAUSES_MS = [1_000, 2_000, 4_000];

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export function heliusWebhooks({
  baseUrl,
  apiKey,
  pause = systemPause,
}: HeliusOptions): HeliusWebhooks {
  const once = async (method: Method, path: string, body?: unknown) => {
    const url = new URL(`${baseUrl.replace(/\/$/, '')}/v0/webhooks${path}`);
    url.searchParams.set('api-key', apiKey);
    try {
      const response = await request(url, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CommandError(`Helius cannot be reached at ${url.host}: ${plain(why)}`, { cause });
    }
  };

  const ask = async (method: Method, path: string, body?: unknown) => {
    const { signal } = new AbortController();
    let answer = await once(method, path, body);
    for (const pauseMs of RETRY_PAUSES_MS) {
      if (answer.status !== 429) break;
      await pause(pauseMs, signal);
      answer = await once(method, path, body);
    }
    return answer;
  };

  const parsed = <Answer>(
    { status, text }: { status: number; text: string },
    schema: z.ZodType<Answer>,
  ): Answer => {
    if (status >= 400) throw new CommandError(refusal(status, text, apiKey));
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new CommandError('Helius answered with something that is no webhook', { cause });
    }
  };

  return {
    list: async () => parsed(await ask('GET', ''), z.array(webhookSchema)),
    create: async (wish) => parsed(await ask('POST', '', bodyOf(wish)), webhookSchema),
    update: async (id, wish) => parsed(await ask('PUT', `/${id}`, bodyOf(wish)), webhookSchema),
    remove: async (id) => {
      const answer = await ask('DELETE', `/${id}`);
      if (answer.status === 404) return false;
      if (answer.status >= 400) throw new CommandError(refusal(answer.status, answer.text, apiKey));
      return true;
    },
  };
}

/** `raw` carries what pools are read from, and comes sooner; a failed transaction opens nothing. */
const bodyOf = (wish: WebhookWish) => ({
  ...wish,
  webhookType: 'raw',
  transactionTypes: ['ANY'],
  txnStatus: 'success',
});

function refusal(status: number, text: string, apiKey: string): string {
  if (status === 401 || status === 403) {
    return `Helius refuses the API key (HTTP ${status}): check HELIUS_API_KEY`;
  }
  if (status === 429) {
    return 'Helius says that there were too many calls (HTTP 429): out of credits, or wait a minute';
  }
  const said = plain(text).slice(0, 200).replaceAll(apiKey, '…');
  return `Helius refuses with HTTP ${status}: ${said}`;
}
