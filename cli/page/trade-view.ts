import { cleanText } from '#shared/domain/clean-text.ts';
import type { TradeState } from '#shared/domain/trade-states.ts';
import { type Trade, balanceChange, lostFees, tokensLeft } from '#shared/domain/trade.ts';
import { solOfLamports } from '#shared/domain/units.ts';
import type { TradeRow } from './protocol.ts';

const PHASES: { readonly [State in TradeState]: TradeRow['phase'] } = {
  BUY_INTENT: 'buying',
  BUY_SIGNED: 'buying',
  BUY_SENT: 'buying',
  BUY_FAILED: 'buying',
  BUY_EXPIRED: 'buying',
  ABANDONED: 'abandoned',
  OPEN: 'open',
  SELL_INTENT: 'selling',
  SELL_SIGNED: 'selling',
  SELL_SENT: 'selling',
  SELL_FAILED: 'selling',
  SELL_EXPIRED: 'selling',
  STUCK: 'stuck',
  CLOSED: 'closed',
};

/** A trade as the page shows it. */
export function tradeView(trade: Trade): TradeRow {
  const held = 'entry' in trade ? trade : undefined;
  return {
    mint: trade.mint,
    state: trade.state,
    phase: PHASES[trade.state],
    mode: trade.mode,
    venue: cleanText(trade.venue, 32),
    stakeSol: solOfLamports(trade.plan.stakeLamports),
    costSol: held === undefined ? null : solOfLamports(held.entry.costLamports),
    proceedsSol: solOfLamports(
      (held?.exits ?? []).reduce((sum, { proceedsLamports }) => sum + proceedsLamports, 0n),
    ),
    realisedSol: realisedSol(trade),
    heldShare: held === undefined ? null : shareOf(tokensLeft(held), held.entry.tokens),
    peakMultiple: held === undefined ? null : held.highestMultipleBps / 10_000,
    decidedAt: trade.decidedAt,
    claimedAt: trade.claimedAt,
    openedAt: held?.entry.openedAt ?? null,
    closedAt: trade.state === 'CLOSED' ? trade.closedAt : null,
    exits: held === undefined ? [] : exitViews(held),
    transactions: transactionsOf(trade),
    note: cleanText(noteOf(trade), 240),
  };
}

type Held = Extract<Trade, { entry: unknown }>;

function exitViews({ entry, exits }: Held): TradeRow['exits'] {
  return exits.map(({ cause, soldAt, tokens, proceedsLamports, signature }) => ({
    cause,
    soldAt,
    share: shareOf(tokens, entry.tokens),
    proceedsSol: solOfLamports(proceedsLamports),
    realisedSol: solOfLamports(proceedsLamports - costOf(entry, tokens)),
    signature,
  }));
}

/** The part of the cost that falls to `tokens` of what was bought. */
const costOf = ({ costLamports, tokens: bought }: Held['entry'], tokens: bigint): bigint =>
  bought === 0n ? costLamports : (costLamports * tokens) / bought;

/** 0..1, to six digits. */
const shareOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number((part * 1_000_000n) / whole) / 1_000_000;

function realisedSol(trade: Trade): number | null {
  if (trade.state === 'CLOSED') return solOfLamports(balanceChange(trade));
  if (!('entry' in trade) || trade.exits.length === 0) return null;
  const sold = trade.exits.reduce(
    (sum, { proceedsLamports, tokens }) => sum + proceedsLamports - costOf(trade.entry, tokens),
    0n,
  );
  return solOfLamports(sold - lostFees(trade));
}

function transactionsOf(trade: Trade): TradeRow['transactions'] {
  const ended = trade.attempts.map(({ side, signature, end }) => ({
    side,
    signature,
    end: end.kind === 'failed' ? `failed: ${cleanText(end.reason, 200)}` : end.kind,
  }));
  if (!('inFlight' in trade)) return ended;
  const { side, signature } = trade.inFlight;
  return [...ended, { side, signature, end: 'not known yet' }];
}

function noteOf(trade: Trade): string {
  if (trade.state === 'ABANDONED') return `${trade.cause}: ${trade.reason}`;
  if ('reason' in trade) return trade.reason;
  return 'sell' in trade ? `selling for ${trade.sell.cause}` : '';
}
