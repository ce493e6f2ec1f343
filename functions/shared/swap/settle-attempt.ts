import type { Address } from '#shared/domain/address.ts';
import type { SignedAttempt } from '#shared/domain/signed-attempt.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { OrderExecutor } from '#shared/ports/order-executor.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { ChainAnswer, SwapChain } from '#shared/ports/swap-chain.ts';

export type SettleDeps = {
  readonly chain: SwapChain;
  readonly executor: OrderExecutor;
  readonly clock: Clock;
  readonly pause: Pause;
};

const POLL_MS = 400;
const RESEND_MS = 2_000;

/**
 * Sends the stored bytes, on every path and again and again, until the chain has answered or
 * `patienceMs` is over: then the answer is `pending`, and somebody asks again later. Never builds
 * anything new.
 */
export async function settleAttempt(
  { chain, executor, clock, pause }: SettleDeps,
  attempt: SignedAttempt,
  of: { readonly wallet: Address; readonly mint: Address },
  patienceMs: number,
  signal: AbortSignal,
): Promise<ChainAnswer> {
  const giveUpAtMs = clock.now() + patienceMs;
  let posts = true;
  let resendAtMs = clock.now();
  for (;;) {
    if (clock.now() >= resendAtMs) {
      resendAtMs = clock.now() + RESEND_MS;
      const [execution] = await Promise.all([
        posts ? executor.execute(attempt, signal) : undefined,
        chain.send(attempt.transaction, signal),
      ]);
      if (execution?.kind === 'refused') posts = false;
    }
    const answer = await chain.answer(attempt, of, signal);
    if (answer.kind !== 'pending' || clock.now() + POLL_MS > giveUpAtMs) return answer;
    await pause(POLL_MS, signal);
  }
}
