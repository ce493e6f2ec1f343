import { type TradeIn, withAttempt } from '#shared/domain/trade.ts';
import type { Signer } from '#shared/ports/signer.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { type SettleDeps, settleAttempt } from './settle-attempt.ts';

export type SettleBuyDeps = SettleDeps & {
  readonly ledger: TradeLedger;
  readonly signer: () => Promise<Signer>;
};

export type SettledBuy =
  | { readonly kind: 'settled'; readonly trade: TradeIn<'OPEN' | 'BUY_FAILED' | 'BUY_EXPIRED'> }
  | { readonly kind: 'pending' }
  | { readonly kind: 'superseded' };

/** Brings a signed buy to its end, or as far as `patienceMs` goes. */
export async function settleBuy(
  deps: SettleBuyDeps,
  signed: TradeIn<'BUY_SIGNED' | 'BUY_SENT'>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<SettledBuy> {
  const { ledger, clock, chain } = deps;
  const wallet = (await deps.signer()).address;
  let trade = signed;
  if (trade.state === 'BUY_SIGNED') {
    // What was stored may be sent, and only that.
    await chain.send(trade.inFlight.transaction, signal);
    const sent: TradeIn<'BUY_SENT'> = { ...trade, state: 'BUY_SENT', updatedAt: clock.now() };
    const moved = await ledger.move(trade, sent, signal);
    if (moved.outcome === 'superseded') return { kind: 'superseded' };
    trade = moved.trade;
  }
  const { inFlight, quote, ...rest } = trade;
  const of = { wallet, mint: trade.mint };
  const answer = await settleAttempt(deps, inFlight, of, patienceMs, signal);
  const at = clock.now();
  const { transaction: _bytes, ...attempt } = inFlight;
  let next: TradeIn<'OPEN' | 'BUY_FAILED' | 'BUY_EXPIRED'>;
  switch (answer.kind) {
    case 'pending':
      return { kind: 'pending' };
    case 'landed':
      next = {
        ...rest,
        ...withAttempt(trade, { ...attempt, end: { kind: 'confirmed', slot: answer.slot } }),
        state: 'OPEN',
        quote,
        updatedAt: at,
        entry: {
          costLamports: positive(-answer.lamportsChange),
          tokens: positive(answer.tokensChange),
          openedAt: at,
        },
        exits: [],
        highestMultipleBps: 10_000,
      };
      break;
    case 'failed': {
      const { reason, feeLamports } = answer;
      const end = { kind: 'failed', reason, feeLamports } as const;
      const ended = withAttempt(trade, { ...attempt, end });
      next = { ...rest, ...ended, state: 'BUY_FAILED', reason, updatedAt: at };
      break;
    }
    case 'expired': {
      const { provenAtBlockHeight } = answer;
      const ended = withAttempt(trade, {
        ...attempt,
        end: { kind: 'expired', provenAtBlockHeight },
      });
      const reason = `it never landed: proven at block height ${provenAtBlockHeight}`;
      next = { ...rest, ...ended, state: 'BUY_EXPIRED', reason, updatedAt: at };
    }
  }
  const moved = await ledger.move(trade, next, signal);
  return moved.outcome === 'moved'
    ? { kind: 'settled', trade: moved.trade }
    : { kind: 'superseded' };
}

/** A swap that gave more than it took, or took a token away, is none of ours: nothing is made of it. */
const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
