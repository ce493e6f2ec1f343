/** Whoever answers under a path of the market's origin. */
export const UPSTREAMS = ['rpc', 'jupiter', 'rugcheck', 'dexscreener', 'x', 'metadata'] as const;
export type Upstream = (typeof UPSTREAMS)[number];

/** A log-normal latency in milliseconds. */
export type Latency = { readonly medianMs: number; readonly sigma: number };

/** How often a route fails by itself, when faults are `real`. */
export type ErrorRates = {
  /** HTTP 5xx. */
  readonly unavailable: number;
  /** Answers after five seconds or never. */
  readonly hang: number;
  /** HTTP 429. */
  readonly limited: number;
};

const NONE: ErrorRates = { unavailable: 0, hang: 0, limited: 0 };
const RPC_ERRORS: ErrorRates = { unavailable: 0.001, hang: 0.0005, limited: 0.002 };
const READ: Latency = { medianMs: 25, sigma: 0.53 };

type Route = { readonly latency: Latency; readonly errors: ErrorRates };

/**
 * Latency and errors of each route: medians and spreads fitted to published figures for RPC nodes,
 * Jupiter and RugCheck (autumn 2026); X and DexScreener, metadata hosts and all error rates are
 * assumptions. Key: `upstream/route`, else `upstream`.
 */
const ROUTES: Record<string, Route> = {
  rpc: { latency: READ, errors: RPC_ERRORS },
  'rpc/getTokenLargestAccounts': { latency: { medianMs: 90, sigma: 0.91 }, errors: RPC_ERRORS },
  'rpc/simulateTransaction': { latency: { medianMs: 60, sigma: 0.67 }, errors: RPC_ERRORS },
  jupiter: { latency: { medianMs: 220, sigma: 0.5 }, errors: { ...NONE, limited: 0.005 } },
  'jupiter/order': { latency: { medianMs: 300, sigma: 0.52 }, errors: { ...NONE, limited: 0.005 } },
  'jupiter/execute': { latency: { medianMs: 900, sigma: 0.49 }, errors: NONE },
  rugcheck: {
    latency: { medianMs: 390, sigma: 0.37 },
    errors: { unavailable: 0.01, hang: 0, limited: 0.01 },
  },
  dexscreener: { latency: { medianMs: 200, sigma: 0.67 }, errors: { ...NONE, limited: 0.005 } },
  x: { latency: { medianMs: 250, sigma: 0.71 }, errors: { ...NONE, limited: 0.01 } },
  metadata: {
    latency: { medianMs: 250, sigma: 0.8 },
    errors: { unavailable: 0.01, hang: 0.01, limited: 0.02 },
  },
};

const FALLBACK: Route = { latency: READ, errors: NONE };

export const routeModel = (upstream: Upstream, route: string): Route =>
  ROUTES[`${upstream}/${route}`] ?? ROUTES[upstream] ?? FALLBACK;
