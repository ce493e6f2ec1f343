import type { TradeRow } from '../protocol.ts';
import { Address } from './address.tsx';
import { dateTimeText, durationText, percentText, signedSolText, solText } from './format.ts';

type TradePanelProps = { readonly trade: TradeRow; readonly linked: boolean };

/** What became of a BUY: the position, its sells, its transactions. */
export function TradePanel({ trade, linked }: TradePanelProps) {
  const { exits, transactions, mode, note, realisedSol } = trade;
  return (
    <section class="panel wide trade" aria-labelledby="trade-title">
      <h2 id="trade-title">
        Trade <span class={`flag phase-${trade.phase}`}>{trade.state}</span>
      </h2>
      <dl class="meta">
        {figuresOf(trade).map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
        {realisedSol !== null && (
          <div>
            <dt>realised</dt>
            <dd class={`num ${realisedSol < 0 ? 'loss' : 'gain'}`}>
              {signedSolText(realisedSol)} SOL
            </dd>
          </div>
        )}
      </dl>
      {note !== '' && <p>{note}</p>}
      {exits.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>UTC</th>
              <th>sold by</th>
              <th class="num">share</th>
              <th class="num">for SOL</th>
              <th class="num">result</th>
              <th>transaction</th>
            </tr>
          </thead>
          <tbody>
            {exits.map((exit) => (
              <tr key={exit.soldAt}>
                <td class="time">{dateTimeText(exit.soldAt)}</td>
                <td>{exit.cause}</td>
                <td class="num">{percentText(exit.share)}</td>
                <td class="num">{solText(exit.proceedsSol)}</td>
                <td class={`num ${exit.realisedSol < 0 ? 'loss' : 'gain'}`}>
                  {signedSolText(exit.realisedSol)}
                </td>
                <td>
                  {exit.signature === null ? (
                    mode
                  ) : (
                    <Address id={exit.signature} kind="transaction" linked={linked} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {transactions.length > 0 ? (
        <ul class="transactions">
          {transactions.map(({ side, signature, end }) => (
            <li key={signature}>
              {side} <Address id={signature} kind="transaction" linked={linked} /> {end}
            </li>
          ))}
        </ul>
      ) : (
        mode === 'paper' && <p class="note">Paper: filled at the quote, nothing was signed.</p>
      )}
    </section>
  );
}

function figuresOf(trade: TradeRow): (readonly [string, string])[] {
  const { costSol, openedAt, heldShare, peakMultiple, closedAt, phase } = trade;
  const held = phase !== 'closed' && phase !== 'abandoned';
  return [
    ['stake', `${solText(trade.stakeSol)} SOL`],
    ...(costSol === null ? [] : [['cost', `${solText(costSol)} SOL`] as const]),
    ...(openedAt === null
      ? []
      : [
          ['opened', `${dateTimeText(openedAt)} UTC`] as const,
          ['after the decision', durationText(openedAt - trade.decidedAt)] as const,
        ]),
    ...(heldShare === null || !held ? [] : [['still held', percentText(heldShare)] as const]),
    ...(peakMultiple === null ? [] : [['highest', `${peakMultiple.toFixed(2)} × entry`] as const]),
    ...(closedAt === null ? [] : [['closed', `${dateTimeText(closedAt)} UTC`] as const]),
  ];
}
