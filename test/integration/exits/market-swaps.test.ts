import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterQuoteApi } from '#shared/adapters/http/jupiter-quote-api.ts';
import { jupiterOrderExecutor } from '#shared/adapters/http/jupiter-order-executor.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { rpcSwapChain } from '#shared/adapters/solana/rpc-swap-chain.ts';
import {
  associatedTokenAccount,
  jupiterTokenAccount,
} from '#shared/adapters/solana/wallet-token-accounts.ts';
import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import { TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import type { Signer } from '#shared/ports/signer.ts';
import { type PreparedSwap, type SwapWish, prepareSwap } from '#shared/swap/prepare-swap.ts';
import { settleAttempt } from '#shared/swap/settle-attempt.ts';

const { signal } = new AbortController();
const STAKE = 100_000_000n;

let market: Market;
let deps: Parameters<typeof prepareSwap>[0] & Parameters<typeof settleAttempt>[0];
let wallet: Address;
beforeAll(async () => {
  market = await startMarket({ latencyMs: 0, indexing: 'instant', noise: 0, duplicateRate: 0 });
  const node = (name: string) =>
    rpcClient({
      clients: [jsonClient({ upstream: name, url: `${market.url}/rpc?${name}`, timeoutMs: 5_000 })],
    });
  const nodes = [node('one'), node('two')];
  const jupiter = jsonClient({
    upstream: 'jupiter',
    url: `${market.url}/jupiter`,
    timeoutMs: 5_000,
  });
  const { privateKey } = generateKeyPairSync('ed25519');
  const spki = createPublicKey(
    createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
  );
  wallet = addressOfBytes(spki.export({ format: 'der', type: 'spki' }).subarray(12));
  const signer: Signer = {
    address: wallet,
    sign: async (message) => sign(null, message, privateKey),
  };
  await nodes[0]!.call('requestAirdrop', [wallet, 10_000_000_000], signal);
  deps = {
    chain: rpcSwapChain(nodes),
    quotes: jupiterQuoteApi(jupiter),
    executor: jupiterOrderExecutor(jupiter),
    signer: async () => signer,
    clock: systemClock,
    pause: systemPause,
    maxPriorityLamports: 1_000_000n,
    accounts: (owner, mint, program = TOKEN_PROGRAM) => [
      associatedTokenAccount(owner, mint, program),
      jupiterTokenAccount(owner, mint),
    ],
  };
});
afterAll(async () => market.close());

/** Opens one token of this kind and tells its mint. */
async function opened(
  archetype: 'sound' | 'transfer-fee' | 'default-frozen',
  seed: string = archetype,
): Promise<Address> {
  const before = new Set(market.truth().map(({ mint }) => mint));
  await market.open({ tokens: 1, archetypes: { [archetype]: 1 }, seed });
  const token = market.truth().find(({ mint }) => !before.has(mint));
  if (token === undefined) throw new Error('nothing was opened');
  return token.mint;
}

async function prepared(
  side: SwapWish['side'],
  mint: Address,
  amount: bigint,
): Promise<PreparedSwap> {
  const { tokenProgram } = await deps.chain.holding(wallet, mint, signal);
  return prepareSwap(
    deps,
    {
      side,
      mint,
      amount,
      tokenProgram,
      attempt: 1,
      limits: { slippageBps: 300, maxPriceImpactBps: 5_000 },
      freshUntilMs: Date.now() + 20_000,
    },
    signal,
  );
}

async function swapped(side: SwapWish['side'], mint: Address, amount: bigint) {
  const ready = await prepared(side, mint, amount);
  if (ready.kind !== 'signed') throw new Error(`${ready.cause}: ${ready.reason}`);
  const answer = await settleAttempt(deps, ready.inFlight, { wallet, mint }, 10_000, signal);
  if (answer.kind !== 'landed') throw new Error(JSON.stringify(answer));
  return { ...answer, ready };
}

const lamports = () => market.chain.vm.account(wallet)?.lamports ?? 0n;

describe('swaps on the embedded chain', () => {
  it('buys and sells for real, and the fills are what the wallet has gained and lost', async () => {
    const mint = await opened('sound');
    const start = lamports();
    const buy = await swapped('buy', mint, STAKE);
    expect(lamports() - start).toBe(buy.lamportsChange);
    expect(buy.lamportsChange < -STAKE).toBe(true);
    expect(buy.tokensChange).toBe(buy.ready.quote.outAmount);

    const { tokens } = await deps.chain.holding(wallet, mint, signal);
    expect(tokens).toBe(buy.tokensChange);
    const sell = await swapped('sell', mint, tokens);
    expect(sell.tokensChange).toBe(-tokens);
    expect(lamports() - start).toBe(buy.lamportsChange + sell.lamportsChange);
    expect((await deps.chain.holding(wallet, mint, signal)).tokens).toBe(0n);
  });

  it('sends the same bytes again without a second effect', async () => {
    const mint = await opened('sound', 'again');
    const buy = await swapped('buy', mint, STAKE);
    const after = lamports();
    await deps.chain.send(buy.ready.inFlight.transaction, signal);
    await deps.executor.execute(buy.ready.inFlight, signal);
    expect(lamports()).toBe(after);
  });

  it('gets less than was quoted of a token that taxes transfers, and reads it off the chain', async () => {
    const mint = await opened('transfer-fee');
    const buy = await swapped('buy', mint, STAKE);
    expect(buy.tokensChange).toBeGreaterThan(0n);
    expect(buy.tokensChange).toBeLessThan(buy.ready.quote.outAmount);
  });

  it('signs nothing that would fail: a token whose accounts are frozen from birth', async () => {
    const mint = await opened('default-frozen');
    const start = lamports();
    const swap = await prepared('buy', mint, STAKE);
    expect(swap).toMatchObject({ kind: 'refused', cause: 'transaction-refused' });
    expect(swap.kind === 'refused' && swap.reason).toContain('it would fail');
    expect(lamports()).toBe(start);
  });
});
