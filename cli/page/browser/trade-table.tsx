import type { TradeRow } from '../protocol.ts';
import {
  dateTimeText,
  durationText,
  percentText,
  shortAddress,
  signedSolText,
  solText,
} from './format.ts';
import { hashOf } from './route.ts';

type TradeTableProps = {
  readonly label: string;
  readonly rows: readonly TradeRow[];
  readonly symbols: ReadonlyMap<string, string>;
};

export function TradeTable({ label, rows, symbols }: TradeTableProps) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th>token</th>
            <th>state</th>
            <th class="num">SOL won</th>
            <th class="num spare">cost SOL</th>
            <th class="num">held</th>
            <th class="num spare">highest</th>
            <th class="num spare">opened after</th>
            <th class="spare">claimed (UTC)</th>
            <th class="spare">venue</th>
            <th>note</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((trade) => (
            <Row key={trade.mint} trade={trade} symbol={symbols.get(trade.mint) ?? ''} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ trade, symbol }: { readonly trade: TradeRow; readonly symbol: string }) {
  const { mint, state, phase, realisedSol, costSol, heldShare, peakMultiple, exits, openedAt } =
    trade;
  return (
    <tr>
      <td class="token">
        <a href={hashOf({ view: 'token', mint })}>
          <bdi>{symbol === '' ? shortAddress(mint) : symbol}</bdi>
        </a>
      </td>
      <td>
        <span class={`flag phase-${phase}`}>{state}</span>
      </td>
      <td class={`num ${realisedSol === null ? '' : realisedSol < 0 ? 'loss' : 'gain'}`}>
        {realisedSol === null ? '' : signedSolText(realisedSol)}
      </td>
      <td class="num spare">{solText(costSol ?? trade.stakeSol)}</td>
      <td class="num">{heldShare === null || phase === 'closed' ? '' : percentText(heldShare)}</td>
      <td class="num spare">{peakMultiple === null ? '' : `${peakMultiple.toFixed(2)} ×`}</td>
      <td class="num spare">{openedAt === null ? '' : durationText(openedAt - trade.decidedAt)}</td>
      <td class="time spare">{dateTimeText(trade.claimedAt)}</td>
      <td class="spare">{trade.venue}</td>
      <td class="words">
        {trade.note === '' ? exits.map(({ cause }) => cause).join(', ') : trade.note}
      </td>
    </tr>
  );
}
