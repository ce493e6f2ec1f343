import type { Clock } from '#shared/ports/clock.ts';
import { type AnnounceDeps, type Announced, announce } from './announce.ts';
import { hasGoodSignature, isAuthorized, isSigned } from './authenticity.ts';
import { chainTransactionsOf } from './chain-transaction.ts';
import { type DetectionScope, detect } from './detect.ts';
import { plainBody } from './request-body.ts';
import { deliveredIn } from './webhook-body.ts';

export type WebhookDeps = AnnounceDeps & {
  readonly clock: Clock;
  /** What the `Authorization` header must be, and the key of QuickNode's signatures. */
  readonly secret: string;
  readonly maxBodyBytes: number;
  readonly scope: DetectionScope;
};

/** One request; header names in lower case, the body's bytes as they came. */
export type WebhookRequest = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type WebhookRefusal = {
  readonly kind: 'refused';
  readonly status: 400 | 401 | 405 | 413 | 415;
  /** A sentence for the sender. */
  readonly reason: string;
};

export type WebhookOutcome =
  | WebhookRefusal
  | (Announced & {
      readonly kind: 'accepted';
      /** Transactions read, and such as could not be. */
      readonly transactions: number;
      readonly unreadable: number;
      readonly unresolved: number;
    });

/**
 * Takes one delivery of transactions: all its pools are on the queue when this resolves with
 * `accepted`.
 * @throws {Fault} `queue.refused`: the sender must try again.
 */
export async function receiveWebhook(
  { clock, secret, maxBodyBytes, scope, ...deps }: WebhookDeps,
  { method, headers, body }: WebhookRequest,
  signal: AbortSignal,
): Promise<WebhookOutcome> {
  if (method !== 'POST') return refusal(405, 'Only POST is answered here.');
  const authorized = isAuthorized(headers, secret);
  if (!authorized && !isSigned(headers)) return refusal(401, UNAUTHORIZED);

  const plain = plainBody(body, headers['content-encoding'] ?? '', maxBodyBytes);
  if (plain.kind === 'refused') return plain;
  if (!authorized && !hasGoodSignature(headers, plain.bytes, secret)) {
    return refusal(401, UNAUTHORIZED);
  }

  const delivered = deliveredIn(plain.bytes);
  if (delivered.kind === 'refused') return refusal(400, delivered.reason);
  const { transactions, refused } = chainTransactionsOf(delivered.transactions);
  if (transactions.length === 0 && !delivered.mayBeEmpty) {
    return refusal(400, refused[0]?.reason ?? 'There is no transaction in the body.');
  }

  const seen = { source: 'webhook', atMs: clock.now() } as const;
  const { looks, unresolved } = detect(transactions, scope, seen);
  const announced = await announce(deps, looks, signal);
  return {
    kind: 'accepted',
    ...announced,
    transactions: transactions.length,
    unreadable: refused.length,
    unresolved,
  };
}

const MAX_REASON = 300;
const UNAUTHORIZED =
  'The Authorization header must be the webhook secret, or the body signed with it.';

const refusal = (status: WebhookRefusal['status'], reason: string): WebhookRefusal => ({
  kind: 'refused',
  status,
  // It may quote what the sender wrote.
  reason: reason.slice(0, MAX_REASON),
});
