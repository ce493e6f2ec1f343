import { setTimeout as pause } from 'node:timers/promises';

import { request } from 'undici';

import type { LandedTransaction } from '../chain/landed-transaction.ts';
import type { Random } from '../random.ts';
import { rawWebhookJson } from '../rpc/transaction-json.ts';

/** Where transactions are sent to, and the string that Helius echoes in `Authorization`. */
export type Webhook = { readonly url: string; readonly authorization: string };

/** Transactions that land within this time travel together. */
const GATHER_MS = 15;
/** So many wait for no more. */
const ENOUGH_TRANSACTIONS = 25;
/** Bodies grow to this while the receiver is busy; a Helius body has as many at most. */
const MAX_TRANSACTIONS = 100;
/** Bodies on their way at the same time: fewer than the detector has environments. */
const MAX_IN_FLIGHT = 4;
/** Helius waits a minute between its three retries; nobody here wants to. */
const RETRY_PAUSES_MS = [200, 500, 1_000, 2_000, 4_000];
const TIMEOUT_MS = 10_000;

/** Delivers landed transactions as Helius' raw webhooks do: at least once, in bodies of several. */
export class WebhookSender {
  readonly #random: Random;
  readonly #duplicateRate: number;
  readonly #webhooks: Webhook[] = [];
  #waiting: LandedTransaction[] = [];
  /** Copies of a body that wait for a free place. */
  readonly #outbox: { readonly webhook: Webhook; readonly body: string }[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly counts = { bodies: 0, transactions: 0, retries: 0, failed: 0, duplicates: 0 };

  constructor(random: Random, duplicateRate: number) {
    this.#random = random;
    this.#duplicateRate = duplicateRate;
  }

  /** From now on; an URL that is registered already gets the new authorization. */
  register(webhook: Webhook): void {
    const at = this.#webhooks.findIndex(({ url }) => url === webhook.url);
    if (at < 0) this.#webhooks.push(webhook);
    else this.#webhooks[at] = webhook;
  }

  unregister(url: string): void {
    const at = this.#webhooks.findIndex((webhook) => webhook.url === url);
    if (at >= 0) this.#webhooks.splice(at, 1);
  }

  /** Bodies on their way, retries included. */
  get inFlight(): number {
    return this.#inFlight.size + this.#outbox.length + (this.#waiting.length > 0 ? 1 : 0);
  }

  deliver(transactions: readonly LandedTransaction[]): void {
    if (this.#webhooks.length === 0) return;
    this.#waiting.push(...transactions);
    if (this.#waiting.length >= ENOUGH_TRANSACTIONS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closing.abort();
    await Promise.allSettled(this.#inFlight);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#inFlight.size < MAX_IN_FLIGHT) {
      if (this.#outbox.length === 0 && this.#waiting.length > 0) this.#fillOutbox();
      const next = this.#outbox.shift();
      if (next === undefined) return;
      this.#track(this.#send(next.webhook, next.body));
    }
  }

  #fillOutbox(): void {
    const batch = this.#waiting.splice(0, MAX_TRANSACTIONS);
    const body = JSON.stringify(batch.map(rawWebhookJson));
    this.counts.transactions += batch.length;
    const copies = this.#random.chance(this.#duplicateRate) ? 2 : 1;
    this.counts.duplicates += copies - 1;
    for (const webhook of this.#webhooks) {
      for (let copy = 0; copy < copies; copy += 1) this.#outbox.push({ webhook, body });
    }
  }

  #track(sending: Promise<void>): void {
    const tracked = sending.finally(() => {
      this.#inFlight.delete(tracked);
      // What has gathered meanwhile goes out together.
      if (!this.#closing.signal.aborted) this.#flush();
    });
    this.#inFlight.add(tracked);
  }

  async #send({ url, authorization }: Webhook, body: string): Promise<void> {
    for (const pauseMs of [...RETRY_PAUSES_MS, undefined]) {
      if (await this.#post(url, authorization, body)) {
        this.counts.bodies += 1;
        return;
      }
      if (pauseMs === undefined || this.#closing.signal.aborted) break;
      this.counts.retries += 1;
      await this.#wait(pauseMs);
    }
    this.counts.failed += 1;
  }

  async #wait(ms: number): Promise<void> {
    // Closing ends the wait; the next try then ends at once.
    await Promise.allSettled([pause(ms, undefined, { signal: this.#closing.signal })]);
  }

  /** True when the receiver took it. Whatever goes wrong on the way is a reason to send again. */
  async #post(url: string, authorization: string, body: string): Promise<boolean> {
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body.dump();
      return response.statusCode >= 200 && response.statusCode < 300;
    } catch {
      return false;
    }
  }
}
