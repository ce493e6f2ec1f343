import { setImmediate as breathe } from 'node:timers/promises';

import type { Chain } from '../chain/chain.ts';
import type { LandedTransaction } from '../chain/landed-transaction.ts';
import { marketAddress } from '../chain/market-address.ts';
import type { LookupTable } from '../chain/message.ts';
import { Random } from '../random.ts';
import { ARCHETYPES, ARCHETYPE_NAMES, type ArchetypeName } from '../tokens/archetype.ts';
import { type Indexing, makeRecipe, suits } from '../tokens/make-recipe.ts';
import { mintToken } from '../tokens/mint-token.ts';
import { LOOKUP_TABLE_ADDRESSES } from '../venues/lookup-table-addresses.ts';
import type { VenueOpening } from '../venues/venue-opening.ts';
import { type Arrivals, arrivalTimes } from './arrivals.ts';
import { landNoise } from './background-noise.ts';
import type { MarketToken, TokenBook } from './market-token.ts';
import { openPool } from './open-pool.ts';

/** Tokens prepared before the event loop gets its turn. */
const TOKENS_A_BREATH = 4;

/** A run of openings. */
export type OpenRequest = {
  readonly tokens: number;
  readonly ratePerSecond: number;
  readonly arrivals: Arrivals;
  /** Same seed, same tokens in the same order. */
  readonly seed: string;
  /** Only these, by weight; the default mix when absent. */
  readonly archetypes?: Partial<Record<ArchetypeName, number>> | undefined;
};

/** How far a run has come. */
export type OpenRun = {
  readonly id: number;
  readonly tokens: number;
  prepared: number;
  opened: number;
  state: 'preparing' | 'opening' | 'done' | 'failed';
  error: string | null;
  /** Unix milliseconds. */
  startedAt: number | null;
  doneAt: number | null;
};

export type OpenerParts = {
  readonly chain: Chain;
  readonly book: TokenBook;
  /** Ways to open pools, with their weights. */
  readonly openings: readonly (readonly [VenueOpening, number])[];
  readonly indexing: Indexing;
  /** Transactions that open nothing, for each one that does. */
  readonly noise: number;
  readonly deliver: (transactions: readonly LandedTransaction[]) => void;
};

/** Mints tokens ahead of time and opens their pools when their moment has come. */
export class Opener {
  readonly #parts: OpenerParts;
  readonly #lookupTable: LookupTable;
  readonly #runs: OpenRun[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(parts: OpenerParts) {
    this.#parts = parts;
    this.#lookupTable = {
      address: marketAddress(parts.chain.treasury, 'lookup-table'),
      addresses: LOOKUP_TABLE_ADDRESSES,
    };
    parts.chain.addLookupTable(this.#lookupTable);
  }

  /** Newest last. */
  runs(): readonly OpenRun[] {
    return this.#runs;
  }

  /** Starts a run: `prepared` settles when its tokens are minted, `finished` when all pools are open. */
  start(request: OpenRequest): {
    readonly run: OpenRun;
    readonly prepared: () => Promise<void>;
    readonly finished: Promise<void>;
  } {
    const run: OpenRun = {
      id: this.#runs.length + 1,
      tokens: request.tokens,
      prepared: 0,
      opened: 0,
      state: 'preparing',
      error: null,
      startedAt: null,
      doneAt: null,
    };
    this.#runs.push(run);
    const random = new Random(`${request.seed}/tokens`);
    const minted = noteFailure(run, this.#mintAll(run, random, request));
    const finished = noteFailure(
      run,
      minted.then(async (tokens) => this.#openAll(run, tokens, random, request)),
    );
    const prepared = async () => {
      await minted;
    };
    return { run, prepared, finished };
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #mintAll(run: OpenRun, random: Random, request: OpenRequest): Promise<MarketToken[]> {
    const tokens: MarketToken[] = [];
    while (tokens.length < request.tokens && !this.#closed) {
      tokens.push(this.#prepare(random, tokens.length, request));
      run.prepared = tokens.length;
      if (tokens.length % TOKENS_A_BREATH === 0) await breathe();
    }
    return tokens;
  }

  async #openAll(
    run: OpenRun,
    tokens: readonly MarketToken[],
    random: Random,
    request: OpenRequest,
  ): Promise<void> {
    run.state = 'opening';
    run.startedAt = Date.now();
    const times = arrivalTimes(
      request.arrivals,
      tokens.length,
      request.ratePerSecond,
      random.fork('arrivals'),
    );
    const startMs = performance.now();
    for (const [index, token] of tokens.entries()) {
      const waitMs = (times[index] ?? 0) - (performance.now() - startMs);
      if (waitMs > 1) await this.#wait(waitMs);
      else await breathe();
      if (this.#closed) return;
      this.#open(token, random.fork(`opening-${index}`));
      run.opened += 1;
    }
    run.state = 'done';
    run.doneAt = Date.now();
  }

  #prepare(random: Random, index: number, { archetypes }: OpenRequest): MarketToken {
    const { chain, book, openings, indexing } = this.#parts;
    const weights = ARCHETYPE_NAMES.map((name) => {
      const weight = archetypes === undefined ? ARCHETYPES[name].weight : (archetypes[name] ?? 0);
      return [name, weight] as const;
    });
    const possible = weights.filter(
      ([name, weight]) => weight > 0 && openings.some(([opening]) => suits(name, opening)),
    );
    if (possible.length === 0) throw new Error('no venue can open any of these archetypes');
    const archetype = random.weighted(possible);
    const opening = random.weighted(openings.filter(([one]) => suits(archetype, one)));
    const recipe = makeRecipe(archetype, opening, random.fork(`token-${index}`), indexing);
    if (book.get(recipe.mint) !== undefined) {
      throw new Error('this seed was used in this market before: its tokens are minted already');
    }
    const token: MarketToken = { recipe, place: opening.place(recipe), opened: undefined };
    mintToken(chain, recipe, token.place);
    book.add(token);
    return token;
  }

  #open(token: MarketToken, random: Random): void {
    const { chain, noise, deliver } = this.#parts;
    const landed = [...openPool(chain, token, random, this.#lookupTable)];
    if (random.chance(noise)) landed.push(landNoise(chain, token, random));
    deliver(landed);
  }

  async #wait(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, delayMs);
      this.#timers.add(timer);
    });
  }
}

/** The run itself says why it failed, for whoever asks for its status. */
async function noteFailure<Result>(run: OpenRun, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    run.state = 'failed';
    run.error = error instanceof Error ? error.message : String(error);
    throw error;
  }
}
