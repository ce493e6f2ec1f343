import type { Address } from '#shared/domain/address.ts';
import { type LandedTransaction, keysOf } from './landed-transaction.ts';

/** All landed transactions, by signature and by each address they name. */
export class TransactionHistory {
  readonly #bySignature = new Map<string, LandedTransaction>();
  readonly #byAddress = new Map<Address, LandedTransaction[]>();

  add(transaction: LandedTransaction): void {
    this.#bySignature.set(transaction.signature, transaction);
    for (const key of keysOf(transaction)) {
      const list = this.#byAddress.get(key);
      if (list === undefined) this.#byAddress.set(key, [transaction]);
      else list.push(transaction);
    }
  }

  get(signature: string): LandedTransaction | undefined {
    return this.#bySignature.get(signature);
  }

  get size(): number {
    return this.#bySignature.size;
  }

  /** Newest first: those before `before` and after `until`, at most `limit`. */
  ofAddress(
    address: Address,
    page: {
      readonly limit: number;
      readonly before?: string | undefined;
      readonly until?: string | undefined;
      readonly maxSlot: number;
    },
  ): LandedTransaction[] {
    const all = this.#byAddress.get(address) ?? [];
    const found: LandedTransaction[] = [];
    let started = page.before === undefined;
    for (let at = all.length - 1; at >= 0 && found.length < page.limit; at -= 1) {
      const transaction = all[at];
      if (transaction === undefined || transaction.signature === page.until) break;
      if (started && transaction.slot <= page.maxSlot) found.push(transaction);
      if (transaction.signature === page.before) started = true;
    }
    return found;
  }
}
