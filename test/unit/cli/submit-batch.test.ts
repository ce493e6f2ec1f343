import { describe, expect, it } from 'vitest';

import type { AnalysisSetup } from '#cli/analysis-setup.ts';
import { analyzeToken, submitBatch } from '#cli/submit-batch.ts';
import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { CHECKS } from '#functions/analyzer/checks/index.ts';
import { decisionItem } from '#shared/adapters/aws/decision-item.ts';
import type { JsonClient } from '#shared/adapters/http/json-client.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { CHECK_IDS, type Finding, absent, failed, known } from '#shared/domain/evidence.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { aDecision, testStrategy } from '../../support/decisions.ts';
import { addressNamed } from '../../support/detections.ts';
import { SOUND_FACTS } from '../../support/evidence.ts';

const never = async (): Promise<never> => {
  throw new Error('nobody asks this');
};

type World = {
  /** Stored decisions, by mint. */
  readonly stored?: Readonly<Record<string, Decision>>;
  /** What DexScreener answers; without it, it must not be asked. */
  readonly pairs?: unknown;
  /** What the chain says of the mint, when it is not a sound one. */
  readonly metadata?: Finding<never>;
  readonly whileChecking?: () => Promise<void>;
  readonly poolSize?: number;
};

/** An analysis whose checks answer as a sound token's would. */
function setupOf(world: World): AnalysisSetup {
  const config = loadTradingConfig({ stage: 'test' });
  const answers = Object.fromEntries(
    CHECK_IDS.map((id) => [
      id,
      {
        run: async () => {
          await world.whileChecking?.();
          return id === 'metadata' && world.metadata !== undefined
            ? world.metadata
            : known(SOUND_FACTS[id]);
        },
      },
    ]),
  ) as unknown as typeof CHECKS;
  const dexscreener: JsonClient = {
    upstream: 'dexscreener',
    close: async () => undefined,
    async request({ path }) {
      if (world.pairs === undefined) throw new Error(`asked DexScreener for ${path}`);
      return { status: 200, body: world.pairs, retryAfterSeconds: undefined };
    },
  };
  return {
    config: {
      ...config,
      parallel_processing: { ...config.parallel_processing, pool_size: world.poolSize ?? 20 },
    },
    deps: {
      checks: answers,
      sources: {
        tokens: { snapshot: never, holdings: never, firstBuyers: never },
        listings: { find: never },
        reports: { find: never },
        profiles: { find: never },
        documents: { read: never },
        xAccounts: { find: never },
      },
      clock: { now: () => 1_000 },
      pause: never,
      strategy: testStrategy,
      settings: { ...config.analyzer, early_exit: false },
    },
    dexscreener,
    rpc: { call: never },
    index: {
      page: never,
      count: never,
      scan: never,
      looks: async (mint) => {
        const decision = world.stored?.[mint];
        return decision === undefined ? [] : [decisionItem(decision, 30)];
      },
    },
    where: 'a test',
  };
}

const gary = aDecision();
const stored = { [gary.opening.mint]: gary };

describe('a batch', () => {
  it('decides with the pool of the last stored look', async () => {
    const [analysis] = await submitBatch([gary.opening.mint], { setup: setupOf({ stored }) });
    expect(analysis).toMatchObject({
      outcome: 'decided',
      found: { opening: gary.opening, from: 'decisions', note: undefined },
      decision: { verdict: 'BUY', source: 'manual', look: 6, detectedAt: 1_000 },
      looks: [{ look: 1, decidedAt: gary.decidedAt }],
      stored: { decidedAt: gary.decidedAt },
    });
  });

  it('goes on when one is no address, and one is not there', async () => {
    const missing = addressNamed('missing');
    const setup = setupOf({ stored, pairs: [] });
    const seen = await submitBatch(['O0l\u001B[2J', missing, gary.opening.mint], {
      setup: {
        ...setup,
        index: {
          ...setup.index,
          looks: async (mint) => {
            if (mint === missing) throw new Error('the table is gone');
            return setup.index.looks(mint);
          },
        },
      },
    });
    expect(seen).toMatchObject([
      {
        outcome: 'refused',
        isUsage: true,
        reason: '"O0l[2J" is no address: base58 of 32 bytes, 32 to 44 characters',
      },
      { outcome: 'refused', isUsage: false, reason: `${missing}: Error: the table is gone` },
      { outcome: 'decided', mint: gary.opening.mint },
    ]);
  });

  it('decides at once: nobody would look again', async () => {
    const setup = setupOf({ stored });
    const [analysis] = await submitBatch([gary.opening.mint], {
      setup: {
        ...setup,
        deps: {
          ...setup.deps,
          checks: { ...setup.deps.checks, holders: { run: async () => absent('not yet') } },
        },
      },
    });
    expect(analysis).toMatchObject({ decision: { verdict: 'SKIP' } });
  });

  it('analyses a mint once, however often it is named', async () => {
    const told: string[] = [];
    const seen = await submitBatch([gary.opening.mint, gary.opening.mint], {
      setup: setupOf({ stored }),
      onDone: (done, of) => told.push(`${done} of ${of}`),
    });
    expect(seen).toHaveLength(1);
    expect(told).toEqual(['1 of 1']);
  });

  it('has no more than pool_size under way, and all of them', async () => {
    const mints = Array.from({ length: 12 }, (_, n) => addressNamed(`mint ${n}`));
    let underWay = 0;
    let most = 0;
    const setup = setupOf({
      poolSize: 3,
      pairs: [],
      async whileChecking() {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        underWay -= 1;
      },
    });
    const seen = await submitBatch(mints, { setup });
    expect(seen.map(({ mint }) => mint)).toEqual(mints);
    // Six checks a token run at once.
    expect(most).toBe(3 * CHECK_IDS.length);
  });

  it.each<[string, Finding<never>, string]>([
    [
      'the chain does not have',
      absent('the node does not have the mint yet'),
      'no such mint: the node',
    ],
    [
      'is another account',
      failed('no mint of a token program (owner abc)'),
      'this account is no mint of a token program (owner abc)',
    ],
  ])('says of a mint that %s so', async (_what, metadata, sentence) => {
    const mint = addressNamed('missing');
    const setup = setupOf({ metadata, pairs: [] });
    const analysis = await analyzeToken(mint, { setup });
    expect(analysis).toMatchObject({ outcome: 'refused', isUsage: false });
    expect(analysis.outcome === 'refused' && analysis.reason).toContain(`${mint}: ${sentence}`);
  });

  it('decides on a token whose metadata could not be read', async () => {
    const setup = setupOf({ stored, metadata: failed('timed out') });
    expect(await analyzeToken(gary.opening.mint, { setup })).toMatchObject({
      outcome: 'decided',
      decision: { verdict: 'SKIP' },
    });
  });
});

describe('the pool of a mint that was never looked at', () => {
  const mint = addressNamed('fresh');
  const pair = (changes: object) => ({
    chainId: 'solana',
    dexId: 'pumpswap',
    pairAddress: addressNamed('pump pool'),
    baseToken: { address: mint },
    quoteToken: { address: WRAPPED_SOL },
    liquidity: { usd: 1_000 },
    ...changes,
  });
  const found = async (pairs: unknown, rpc: AnalysisSetup['rpc'] = { call: never }) => {
    const analysis = await analyzeToken(mint, { setup: { ...setupOf({ pairs }), rpc } });
    if (analysis.outcome !== 'decided') throw new Error(analysis.reason);
    return analysis.found;
  };

  it('is the deepest one against a quote mint, with its vaults where it owns them', async () => {
    const vaults: Record<string, string> = {
      [mint]: addressNamed('base vault'),
      [WRAPPED_SOL]: addressNamed('quote vault'),
    };
    const asked: unknown[] = [];
    const rpc: AnalysisSetup['rpc'] = {
      async call(method, params) {
        asked.push(method);
        const [, { mint: of }] = params as [string, { mint: string }];
        return { value: [{ pubkey: vaults[of], account: {} }] };
      },
    };
    const { opening, from, note } = await found(
      [
        pair({ dexId: 'raydium', labels: ['CPMM'], pairAddress: addressNamed('other') }),
        pair({ liquidity: { usd: 9_000 } }),
        pair({
          quoteToken: { address: addressNamed('another token') },
          liquidity: { usd: 99_999 },
        }),
        { chainId: 'solana', dexId: 'of another shape' },
      ],
      rpc,
    );
    expect(from).toBe('dexscreener');
    expect(opening).toMatchObject({
      venue: 'pump-swap',
      pool: addressNamed('pump pool'),
      baseVault: vaults[mint],
      quoteVault: vaults[WRAPPED_SOL],
      creator: null,
    });
    expect(note).toBe(
      `no look at it is stored: took the deepest pool that DexScreener lists, ${opening.pool} on pump-swap`,
    );
    expect(asked).toEqual(['getTokenAccountsByOwner', 'getTokenAccountsByOwner']);
  });

  it.each([
    ['pumpfun', undefined, 'pump-fun'],
    ['raydium', ['CPMM'], 'raydium-cpmm'],
    ['raydium', null, 'raydium-amm-v4'],
    ['meteora', ['DYN2'], 'meteora-damm-v2'],
    ['launchlab', undefined, 'raydium-launchlab'],
  ])('on %s with labels %j is on %s', async (dexId, labels, venue) => {
    expect((await found([pair({ dexId, labels, liquidity: null })])).opening.venue).toBe(venue);
  });

  it('says when its vaults are not known', async () => {
    expect((await found([pair({ dexId: 'raydium', labels: ['CPMM'] })])).note).toContain(
      'its vaults are not known, so its liquidity stays unknown',
    );
  });

  it.each([
    ['lists none', [], 'DexScreener lists none'],
    ['lists none, in another way', null, 'DexScreener lists none'],
    ['does not answer', undefined, 'DexScreener did not answer (Error: asked DexScreener'],
  ])('is unknown when DexScreener %s', async (_what, pairs, why) => {
    const { opening, from, note } = await found(pairs);
    expect(opening).toMatchObject({ mint, pool: mint, venue: 'unknown' });
    expect(from).toBe('unknown');
    expect(note).toContain(why);
  });
});
