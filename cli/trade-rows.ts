import type { UnreadableTrade } from '#shared/adapters/aws/dynamo-trade-list.ts';
import { OCCUPYING_STATES } from '#shared/domain/trade-states.ts';
import { type Trade, balanceChange } from '#shared/domain/trade.ts';
import { solOfLamports } from '#shared/domain/units.ts';
import type { Column } from './terminal.ts';
import { tradeResults } from './trade-results.ts';

export const TRADE_COLUMNS: readonly Column[] = [
  { header: 'claimed (UTC)' },
  { header: 'mint', atLeast: 11 },
  { header: 'state' },
  { header: 'stake SOL', align: 'right' },
  { header: 'cost SOL', align: 'right', optional: true },
  { header: 'back SOL', align: 'right', optional: true },
  { header: 'profit SOL', align: 'right' },
  { header: 'venue', optional: true },
  { header: 'ms', align: 'right', optional: true },
  { header: 'note', atLeast: 12, optional: true },
];

/** One trade for people. `ms`: from the decision to the open position. */
export function tradeRow(trade: Trade | UnreadableTrade): string[] {
  if (trade.state === 'UNREADABLE') {
    return ['', trade.mint, trade.state, '', '', '', '', '', '', 'not a trade of this version'];
  }
  const entry = 'entry' in trade ? trade.entry : undefined;
  return [
    new Date(trade.claimedAt).toISOString().slice(0, 19).replace('T', ' '),
    trade.mint,
    trade.state,
    sol(trade.plan.stakeLamports),
    entry === undefined ? '' : sol(entry.costLamports),
    entry === undefined ? '' : sol(proceedsOf(trade)),
    trade.state === 'CLOSED' ? signedSol(balanceChange(trade)) : '',
    trade.venue,
    entry === undefined ? '' : String(entry.openedAt - trade.decidedAt),
    noteOf(trade),
  ];
}

const proceedsOf = (trade: Trade): bigint =>
  'exits' in trade
    ? trade.exits.reduce((sum, { proceedsLamports }) => sum + proceedsLamports, 0n)
    : 0n;

function noteOf(trade: Trade): string {
  if (trade.state === 'ABANDONED') return `${trade.cause}: ${trade.reason}`;
  const sold = 'exits' in trade ? trade.exits.map(({ cause }) => cause).join(', ') : '';
  if ('sell' in trade) {
    const { cause, tries = 0 } = trade.sell;
    const why = 'reason' in trade ? `: ${trade.reason}` : '';
    return `${sold === '' ? '' : `${sold}; `}selling by ${cause}, ${tries} tries${why}`;
  }
  return 'reason' in trade ? trade.reason : sold;
}

/** Sums over the listed trades, in lines of words. */
export function tradeTotals(trades: readonly Trade[]): string[] {
  const counts = new Map<string, number>();
  for (const { state } of trades) counts.set(state, (counts.get(state) ?? 0) + 1);
  const byState = [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
  const results = tradeResults(trades);
  const exits = Object.entries(results.exits)
    .map(([cause, { sells, lamports }]) => `${cause} ${sells} (${sol(lamports)} SOL)`)
    .join(', ');
  const { confirmed, failed, expired } = results.attempts;
  return [
    `${trades.length} trades${byState === '' ? '' : ` (${byState})`}; ` +
      `stake of those not abandoned ${stakes(trades.filter(({ state }) => state !== 'ABANDONED'))} SOL, ` +
      `of the ${results.held} open ${stakes(trades.filter(({ state }) => OCCUPYING_STATES.has(state)))} SOL`,
    `profit ${signedSol(results.profitLamports)} SOL over ${results.closed} closed, ${results.won} of them won; ` +
      `all costs counted, of which routers' fees ${sol(results.routerFeeLamports)}, failed attempts ${sol(results.lostFeeLamports)} SOL`,
    ...(exits === '' ? [] : [`sold by ${exits}`]),
    ...(confirmed + failed + expired === 0
      ? []
      : [`signed attempts: ${confirmed} confirmed, ${failed} failed, ${expired} expired`]),
  ];
}

const stakes = (trades: readonly Trade[]): string =>
  sol(trades.reduce((sum, { plan }) => sum + plan.stakeLamports, 0n));

/** With its sign, so that a loss is seen. */
const signedSol = (lamports: bigint): string => (lamports > 0n ? '+' : '') + sol(lamports);

export const sol = (lamports: bigint): string => solOfLamports(lamports).toFixed(4);
