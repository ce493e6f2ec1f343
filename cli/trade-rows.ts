import type { UnreadableTrade } from '#shared/adapters/aws/dynamo-trade-list.ts';
import { OCCUPYING_STATES } from '#shared/domain/trade-states.ts';
import type { Trade } from '#shared/domain/trade.ts';
import { solOfLamports } from '#shared/domain/units.ts';
import type { Column } from './terminal.ts';

export const TRADE_COLUMNS: readonly Column[] = [
  { header: 'claimed (UTC)' },
  { header: 'mint', atLeast: 11 },
  { header: 'state' },
  { header: 'stake SOL', align: 'right' },
  { header: 'cost SOL', align: 'right', optional: true },
  { header: 'tokens', align: 'right', optional: true },
  { header: 'venue', optional: true },
  { header: 'ms', align: 'right', optional: true },
  { header: 'note', atLeast: 12, optional: true },
];

/** One trade for people. `ms`: from the decision to the open position. */
export function tradeRow(trade: Trade | UnreadableTrade): string[] {
  if (trade.state === 'UNREADABLE') {
    return ['', trade.mint, trade.state, '', '', '', '', '', 'not a trade of this version'];
  }
  const entry = 'entry' in trade ? trade.entry : undefined;
  return [
    new Date(trade.claimedAt).toISOString().slice(0, 19).replace('T', ' '),
    trade.mint,
    trade.state,
    sol(trade.plan.stakeLamports),
    entry === undefined ? '' : sol(entry.costLamports),
    entry === undefined ? '' : entry.tokens.toString(),
    trade.venue,
    entry === undefined ? '' : String(entry.openedAt - trade.decidedAt),
    noteOf(trade),
  ];
}

function noteOf(trade: Trade): string {
  if (trade.state === 'ABANDONED') return `${trade.cause}: ${trade.reason}`;
  if ('reason' in trade) return trade.reason;
  const exits = 'exits' in trade ? trade.exits.length : 0;
  return exits > 0 ? `${exits} sold` : '';
}

/** Sums over the listed trades, in words. */
export function tradeTotals(trades: readonly Trade[]): string {
  const counts = new Map<string, number>();
  for (const { state } of trades) counts.set(state, (counts.get(state) ?? 0) + 1);
  const open = trades.filter(({ state }) => OCCUPYING_STATES.has(state));
  const byState = [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
  return (
    `${trades.length} trades${byState === '' ? '' : ` (${byState})`}; ` +
    `stake of those not abandoned ${stakes(trades.filter(({ state }) => state !== 'ABANDONED'))} SOL, ` +
    `of the ${open.length} open ${stakes(open)} SOL`
  );
}

const stakes = (trades: readonly Trade[]): string =>
  sol(trades.reduce((sum, { plan }) => sum + plan.stakeLamports, 0n));

export const sol = (lamports: bigint): string => solOfLamports(lamports).toFixed(4);
