import type { TradeIn } from '#shared/domain/trade.ts';
import type { HaltSwitch } from '#shared/ports/halt-switch.ts';
import { type PrepareDeps, prepareSwap } from '#shared/swap/prepare-swap.ts';
import { type SettleBuyDeps, settleBuy } from '#shared/swap/settle-buy.ts';
import { abandon } from './abandon.ts';
import type { Buy, BuyOutcome } from './buy.ts';

export type LiveFillDeps = PrepareDeps &
  SettleBuyDeps & {
    readonly haltSwitch: HaltSwitch;
    /** Signed attempts of one buy, at most. */
    readonly maxAttempts: number;
    /** Time for one attempt's answer. The exits function asks on for what takes longer. */
    readonly patienceMs: number;
  };

/** Buys on the chain. Another attempt is signed only when the last one has provably come to nothing. */
export const liveFill =
  (deps: LiveFillDeps): Buy =>
  async (claimed, freshUntilMs, signal) => {
    let trade = claimed;
    for (;;) {
      switch (trade.state) {
        case 'BUY_INTENT': {
          const next = await sign(deps, trade, freshUntilMs, signal);
          if (next.kind !== 'signed') return next;
          trade = next.trade;
          break;
        }
        case 'BUY_SIGNED':
        case 'BUY_SENT': {
          const settled = await settleBuy(deps, trade, deps.patienceMs, signal);
          if (settled.kind !== 'settled') return settled;
          if (settled.trade.state === 'OPEN') return { kind: 'opened', trade: settled.trade };
          trade = settled.trade;
          break;
        }
        case 'BUY_FAILED':
        case 'BUY_EXPIRED': {
          const next = await tryAgain(deps, trade, freshUntilMs, signal);
          if (next.kind !== 'again') return next;
          trade = next.trade;
        }
      }
    }
  };

type Signed = { readonly kind: 'signed'; readonly trade: TradeIn<'BUY_SIGNED'> };

async function sign(
  deps: LiveFillDeps,
  trade: TradeIn<'BUY_INTENT'>,
  freshUntilMs: number,
  signal: AbortSignal,
): Promise<Signed | BuyOutcome> {
  const { ledger, clock, chain } = deps;
  const { plan, mint } = trade;
  const { address } = await deps.signer();
  const { tokenProgram } = await chain.holding(address, mint, signal);
  const prepared = await prepareSwap(
    deps,
    {
      side: 'buy',
      mint,
      amount: plan.stakeLamports,
      limits: plan,
      tokenProgram,
      attempt: trade.attempts.length + 1,
      freshUntilMs,
    },
    signal,
  );
  const at = clock.now();
  if (prepared.kind === 'refused') {
    return abandon(ledger, trade, { cause: prepared.cause, reason: prepared.reason, at }, signal);
  }
  const { quote, inFlight } = prepared;
  const next: TradeIn<'BUY_SIGNED'> = {
    ...trade,
    state: 'BUY_SIGNED',
    quote,
    inFlight,
    updatedAt: at,
  };
  const moved = await ledger.move(trade, next, signal);
  // Whoever was first sends his bytes; ours are forgotten unsent.
  return moved.outcome === 'moved'
    ? { kind: 'signed', trade: moved.trade }
    : { kind: 'superseded' };
}

type Again = { readonly kind: 'again'; readonly trade: TradeIn<'BUY_INTENT'> };

async function tryAgain(
  { ledger, clock, haltSwitch, maxAttempts }: LiveFillDeps,
  trade: TradeIn<'BUY_FAILED' | 'BUY_EXPIRED'>,
  freshUntilMs: number,
  signal: AbortSignal,
): Promise<Again | BuyOutcome> {
  const at = clock.now();
  const { buys } = await haltSwitch.read(signal);
  if (trade.attempts.length >= maxAttempts || at > freshUntilMs || buys !== 'running') {
    const cause = trade.state === 'BUY_FAILED' ? 'failed-on-chain' : 'expired';
    return abandon(ledger, trade, { cause, reason: trade.reason, at }, signal);
  }
  const { reason: _last, ...rest } = trade;
  const next: TradeIn<'BUY_INTENT'> = { ...rest, state: 'BUY_INTENT', updatedAt: at };
  const moved = await ledger.move(trade, next, signal);
  return moved.outcome === 'moved' ? { kind: 'again', trade: moved.trade } : { kind: 'superseded' };
}
