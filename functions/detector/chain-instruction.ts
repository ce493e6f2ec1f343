import { decodeBase58 } from './base58.ts';
import { type JsonObject, isList } from './json-value.ts';

/**
 * What an instruction is made from: `accounts` as indexes or addresses, `data` as base58 or, out of
 * a serialised transaction, as bytes.
 */
export type InstructionSource = JsonObject;

/** Where an instruction stood in its transaction. */
export type InstructionPlace = {
  /** Place in `ChainTransaction.instructions`, from 0. */
  readonly position: number;
  /** The outer instruction that it is, or that it was called from. */
  readonly outerIndex: number;
  /** Place among the instructions called from that outer one; null for the outer one itself. */
  readonly innerIndex: number | null;
  /** 1 for outer instructions, then one more for each call; null where the source does not tell. */
  readonly stackHeight: number | null;
};

/**
 * One instruction of a transaction, outer or inner.
 *
 * Accounts and data are decoded when asked for: most instructions of most transactions are settled
 * by their program id alone.
 */
export class ChainInstruction {
  /** Base58 program id. */
  readonly program: string;
  readonly place: InstructionPlace;
  readonly #source: InstructionSource;
  readonly #keys: readonly string[];
  #data: Uint8Array | null | undefined;

  constructor(
    program: string,
    place: InstructionPlace,
    source: InstructionSource,
    keys: readonly string[],
  ) {
    this.program = program;
    this.place = place;
    this.#source = source;
    this.#keys = keys;
  }

  /** How many accounts it names; 0 for one that the RPC node has parsed away. */
  get accountCount(): number {
    const accounts = this.#source['accounts'];
    return isList(accounts) ? accounts.length : 0;
  }

  /** The base58 account at `index`, or undefined when there is none. */
  account(index: number): string | undefined {
    const accounts = this.#source['accounts'];
    const account = isList(accounts) ? accounts[index] : undefined;
    if (typeof account === 'number') return this.#keys[account];
    return typeof account === 'string' ? account : undefined;
  }

  /** All its accounts in order; an empty string where an index points at no key. */
  get accounts(): readonly string[] {
    return Array.from({ length: this.accountCount }, (_, index) => this.account(index) ?? '');
  }

  /** Its data, decoded once; undefined when there is none (parsed by the node) or it is not base58. */
  get data(): Uint8Array | undefined {
    if (this.#data === undefined) {
      const data = this.#source['data'];
      this.#data =
        data instanceof Uint8Array
          ? data
          : ((typeof data === 'string' ? decodeBase58(data) : undefined) ?? null);
    }
    return this.#data ?? undefined;
  }
}
