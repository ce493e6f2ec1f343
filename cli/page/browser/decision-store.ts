import { type FeedPage, type FeedRow, feedEventSchema, feedPageSchema } from '../protocol.ts';
import { SERVER_GONE, getJson, sentenceOf } from './api.ts';
import { MAX_ROWS_KEPT, RowList } from './merge-rows.ts';

/** All decisions that the page knows of, and how it gets along with its server. */
export type FeedState = {
  /** Newest first. */
  readonly rows: readonly FeedRow[];
  /** True while rows of the past are still being read. */
  readonly loading: boolean;
  /** The newest rows only: more were there than the page holds. */
  readonly cut: boolean;
  /** Items of another version, which are not shown. */
  readonly unreadable: number;
  /** `waiting` until the first sign of life. */
  readonly link: 'waiting' | 'live' | 'lost';
  /** Why nothing new can be read for now; null while all is well. */
  readonly trouble: string | null;
};

const FIRST_PAGE_ROWS = 500;
const PAGE_ROWS = 10_000;
const RETRY_MS = 3_000;
/** A gap is read anew from this long before the newest row known: the index runs a little behind. */
const OVERLAP_MS = 60_000;
const CLOCK_MARGIN_MS = 60_000;

/** Reads the past page by page and the present as it comes. */
export class DecisionStore {
  #state: FeedState = {
    rows: [],
    loading: true,
    cut: false,
    unreadable: 0,
    link: 'waiting',
    trouble: null,
  };
  readonly #list = new RowList();
  readonly #listeners = new Set<() => void>();
  /** The past is known down to here. */
  #knownSince = Number.POSITIVE_INFINITY;
  #reading = new AbortController();

  get state(): FeedState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Listens to new decisions until the page is left. The browser reconnects by itself. */
  listen(): void {
    const source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      if (this.#state.link === 'lost') void this.#fillGap();
    });
    source.addEventListener('message', (message: MessageEvent<string>) => {
      const event = feedEventSchema.parse(JSON.parse(message.data));
      if (event.kind === 'trouble') {
        this.#set({ link: 'live', trouble: event.reason });
        return;
      }
      const changed = this.#list.add(event.rows);
      if (changed || this.#state.link !== 'live' || this.#state.trouble !== null) {
        this.#set({ link: 'live', trouble: null });
      }
    });
    source.addEventListener('error', () => this.#set({ link: 'lost', trouble: SERVER_GONE }));
  }

  /** Reads the past down to `sinceMs`, the newest first; what is known already is not read again. */
  async readSince(sinceMs: number): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    if (sinceMs >= this.#knownSince) {
      this.#set({ loading: false });
      return;
    }
    this.#set({ loading: true });
    const { signal } = this.#reading;
    const until = Math.min(this.#knownSince, Date.now() + CLOCK_MARGIN_MS);
    await this.#pages(sinceMs, until, signal, (knownSince) => {
      this.#knownSince = knownSince;
    });
    if (!signal.aborted) this.#set({ loading: false });
  }

  async #fillGap(): Promise<void> {
    const newest = this.#list.rows[0]?.decidedAt ?? Date.now();
    const { signal } = this.#reading;
    await this.#pages(newest - OVERLAP_MS, Date.now() + CLOCK_MARGIN_MS, signal, () => undefined);
  }

  async #pages(
    sinceMs: number,
    untilMs: number,
    signal: AbortSignal,
    onKnown: (sinceMs: number) => void,
  ): Promise<void> {
    let until: number | null = untilMs;
    while (until !== null && !signal.aborted) {
      const limit = this.#list.rows.length === 0 ? FIRST_PAGE_ROWS : PAGE_ROWS;
      const path: string = `/api/decisions?since=${Math.floor(sinceMs)}&until=${until}&limit=${limit}`;
      try {
        const page: FeedPage = await getJson(path, feedPageSchema, signal);
        this.#list.add(page.rows);
        const cut = page.next !== null && this.#list.rows.length >= MAX_ROWS_KEPT;
        until = cut ? null : page.next;
        onKnown(until ?? sinceMs);
        this.#set({ cut, unreadable: this.#state.unreadable + page.unreadable, trouble: null });
      } catch (error) {
        if (signal.aborted) return;
        this.#set({ trouble: sentenceOf(error) });
        await new Promise((resolve) => {
          setTimeout(resolve, RETRY_MS);
        });
      }
    }
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change, rows: this.#list.rows };
    for (const listener of this.#listeners) listener();
  }
}
