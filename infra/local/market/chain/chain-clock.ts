import { createHash } from 'node:crypto';

import bs58 from 'bs58';

/** How sure the reader wants to be. Default of the RPC methods: `finalized`. */
export type Commitment = 'processed' | 'confirmed' | 'finalized';

const SLOT_MS = 400;
export const SLOTS_PER_EPOCH = 432_000;
/** Slots after which a block is final. */
export const FINALITY_SLOTS = 32;
/** Blocks for which a blockhash can be used. */
export const BLOCKHASH_LIFE_BLOCKS = 150;
/** A slot of mainnet and its moment: so that local slots look like today's. */
const KNOWN_SLOT = { slot: 454_587_281, atMs: Date.UTC(2026, 9, 8, 15, 37, 53) };
/** Slots without a block since genesis, about. */
const SKIPPED_SLOTS = 21_900_000;
const REMEMBERED_BLOCKHASHES = 4_096;

/**
 * Slots of 400 ms and the blockhashes of the last 150 blocks, worked out from the clock when asked:
 * nothing ticks while nobody looks.
 */
export class ChainClock {
  readonly #now: () => number;
  readonly #seed: string;
  /** Slot of each blockhash ever handed out, oldest first. */
  readonly #slotOfHash = new Map<string, number>();

  constructor(options: { readonly now: () => number; readonly seed: string }) {
    this.#now = options.now;
    this.#seed = options.seed;
  }

  /** Unix milliseconds. */
  nowMs(): number {
    return this.#now();
  }

  slot(commitment: Commitment = 'confirmed'): number {
    const slot = KNOWN_SLOT.slot + Math.floor((this.#now() - KNOWN_SLOT.atMs) / SLOT_MS);
    return commitment === 'finalized' ? slot - FINALITY_SLOTS : slot;
  }

  blockHeight(slot: number): number {
    return slot - SKIPPED_SLOTS;
  }

  /** Unix seconds at which the slot began. */
  blockTime(slot: number): number {
    return Math.floor((KNOWN_SLOT.atMs + (slot - KNOWN_SLOT.slot) * SLOT_MS) / 1_000);
  }

  /** The blockhash of a slot: the same for the same seed, and valid from now on. */
  blockhash(slot: number): string {
    const hash = bs58.encode(createHash('sha256').update(`${this.#seed}:${slot}`).digest());
    if (!this.#slotOfHash.has(hash)) {
      this.#slotOfHash.set(hash, slot);
      if (this.#slotOfHash.size > REMEMBERED_BLOCKHASHES) {
        const [oldest] = this.#slotOfHash.keys();
        if (oldest !== undefined) this.#slotOfHash.delete(oldest);
      }
    }
    return hash;
  }

  /** Block height after which the blockhash of a slot is worth nothing. */
  lastValidBlockHeight(slot: number): number {
    return this.blockHeight(slot) + BLOCKHASH_LIFE_BLOCKS;
  }

  isBlockhashValid(blockhash: string, commitment: Commitment = 'processed'): boolean {
    const slot = this.#slotOfHash.get(blockhash);
    if (slot === undefined) return false;
    return this.blockHeight(this.slot(commitment)) <= this.lastValidBlockHeight(slot);
  }
}
