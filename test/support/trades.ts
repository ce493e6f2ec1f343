import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import type { TradeOrder, TradePlan } from '#shared/domain/decision.ts';
import type { SignedAttempt } from '#shared/domain/signed-attempt.ts';
import type { TradeState } from '#shared/domain/trade-states.ts';
import type { Trade, TradeIn } from '#shared/domain/trade.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';

/** 2026-11-20T12:00:00Z */
export const NOON = Date.UTC(2026, 10, 20, 12);

/** A distinct, valid address for each number. */
export function testAddress(seed: number): Address {
  const bytes = new Uint8Array(32).fill(7);
  new DataView(bytes.buffer).setUint32(0, seed);
  return addressOfBytes(bytes);
}

export const testPlan = (over: Partial<TradePlan> = {}): TradePlan => ({
  stakeLamports: 100_000_000n,
  slippageBps: 300,
  maxPriceImpactBps: 500,
  takeProfit: [{ atMultipleBps: 15_000, sellBps: 4_000 }],
  stopLossBps: 3_000,
  trailingStopBps: 3_500,
  maxHoldSeconds: 1_800,
  ...over,
});

export function testOrder(seed: number, over: Partial<TradeOrder> = {}): TradeOrder {
  const pool = testAddress(1_000_000 + seed);
  return {
    mint: testAddress(seed),
    look: `${pool}#01`,
    opening: { pool, venue: 'pump-swap', quoteMint: WRAPPED_SOL },
    detectedAt: NOON - 900,
    decidedAt: NOON,
    strategyVersion: 'abcdef012345',
    plan: testPlan(),
    ...over,
  };
}

export const testIntent = (
  seed: number,
  over: Partial<TradeIn<'BUY_INTENT'>> = {},
): TradeIn<'BUY_INTENT'> => {
  const { opening, ...order } = testOrder(seed);
  return {
    state: 'BUY_INTENT',
    ...order,
    ...opening,
    mode: 'paper',
    claimedAt: NOON + 200,
    updatedAt: NOON + 200,
    version: 1,
    attempts: [],
    ...over,
  };
};

const quote = {
  inAmount: 100_000_000n,
  outAmount: 16_239_400_281n,
  priceImpactBps: 220,
  feeBps: 10,
  router: 'metis',
  requestId: 'request-1',
  quotedAt: NOON + 400,
};

const inFlight = (side: SignedAttempt['side']): SignedAttempt => ({
  attempt: 1,
  side,
  signature: '5'.repeat(88),
  transaction: 'AQAB',
  lastValidBlockHeight: 324_307_300,
  requestId: 'request-1',
  signedAt: NOON + 500,
});

const held = {
  quote,
  entry: { costLamports: 102_100_000n, tokens: 16_239_400_281n, openedAt: NOON + 600 },
  exits: [],
  highestMultipleBps: 10_000,
};
const sell = { cause: 'stop-loss', tokens: 16_239_400_281n, step: null } as const;
const reason = 'slippage tolerance exceeded';

/** A valid trade in each state, all of one mint. */
export function testTrade<State extends TradeState>(
  state: State,
  seed: number,
  over: Partial<TradeIn<'BUY_INTENT'>> = {},
): TradeIn<State> {
  const { state: _intent, ...base } = testIntent(seed, over);
  const sellInFlight = { ...held, sell, sellQuote: quote, inFlight: inFlight('sell') };
  const all: { [Each in TradeState]: TradeIn<Each> } = {
    BUY_INTENT: { ...base, state: 'BUY_INTENT' },
    BUY_SIGNED: { ...base, state: 'BUY_SIGNED', quote, inFlight: inFlight('buy') },
    BUY_SENT: { ...base, state: 'BUY_SENT', quote, inFlight: inFlight('buy') },
    BUY_FAILED: { ...base, state: 'BUY_FAILED', reason },
    BUY_EXPIRED: { ...base, state: 'BUY_EXPIRED', reason },
    ABANDONED: { ...base, state: 'ABANDONED', reason, cause: 'quote-refused' },
    OPEN: { ...base, state: 'OPEN', ...held },
    SELL_INTENT: { ...base, state: 'SELL_INTENT', ...held, sell },
    SELL_SIGNED: { ...base, state: 'SELL_SIGNED', ...sellInFlight },
    SELL_SENT: { ...base, state: 'SELL_SENT', ...sellInFlight },
    SELL_FAILED: { ...base, state: 'SELL_FAILED', ...held, sell, reason },
    SELL_EXPIRED: { ...base, state: 'SELL_EXPIRED', ...held, sell, reason },
    STUCK: { ...base, state: 'STUCK', ...held, sell, reason },
    CLOSED: { ...base, state: 'CLOSED', ...held, closedAt: NOON + 900 },
  };
  return all[state] as Trade as TradeIn<State>;
}
