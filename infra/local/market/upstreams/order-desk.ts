import type { Random } from '../random.ts';
import type { Swap } from './swap-transaction.ts';

/** How long an order can be executed, and asked for again. */
const ORDER_LIFE_MS = 120_000;

/** An order that waits for the taker's signature, or the answer that its execution got. */
export type Order = {
  readonly swap: Swap;
  readonly messageBytes: Uint8Array;
};
type Kept = Order & { readonly expiresAtMs: number; answer?: object };

/** Jupiter's memory of orders: executing one again gives the first execution's answer. */
export class OrderDesk {
  readonly #orders = new Map<string, Kept>();
  readonly #random: Random;
  readonly #now: () => number;

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** A request id of UUID form. */
  newId(): string {
    const hex = Buffer.from(this.#random.bytes(16)).toString('hex');
    return [0, 8, 12, 16, 20]
      .map((at, index) => hex.slice(at, [8, 12, 16, 20, 32][index]))
      .join('-');
  }

  /** Keeps an order; unix seconds at which it ends. */
  add(requestId: string, order: Order): number {
    const now = this.#now();
    for (const [id, { expiresAtMs }] of this.#orders) {
      if (expiresAtMs >= now) break;
      this.#orders.delete(id);
    }
    const expiresAtMs = now + ORDER_LIFE_MS;
    this.#orders.set(requestId, { ...order, expiresAtMs });
    return Math.floor(expiresAtMs / 1_000);
  }

  find(requestId: string): Kept | undefined {
    const order = this.#orders.get(requestId);
    return order === undefined || order.expiresAtMs < this.#now() ? undefined : order;
  }
}
