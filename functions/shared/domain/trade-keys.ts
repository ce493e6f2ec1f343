/** Keys of the book items, which lie in the trades table beside the trades. No mint has a `#`. */
export const POSITIONS_KEY = 'ledger#positions';

/** Key of the results of closed trades, and of the breakers that hang on them. */
export const RESULTS_KEY = 'ledger#results';

/** Key of what a UTC day has spent. `at` in Unix milliseconds. */
export const dayKey = (at: number): string =>
  `ledger#day#${new Date(at).toISOString().slice(0, 10)}`;

/** Key of the halt switch in the state table. */
export const HALT_KEY = 'halt';
