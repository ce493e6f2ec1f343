import type { Strategy } from '#config/trading-config.ts';
import { loadTradingConfig } from '#config/load-trading-config.ts';
import { strategyOf } from '#config/strategy.ts';
import type { VersionedStrategy } from '#functions/analyzer/synthesis/synthesize.ts';
import type { PoolOpening } from '#shared/domain/detection.ts';
import {
  type CheckId,
  EVIDENCE_VERSION,
  type Evidence,
  type FactsOf,
  type Finding,
  absent,
  known,
} from '#shared/domain/evidence.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { DETECTED_AT_MS, addressNamed } from './detections.ts';

const SOL = 1_000_000_000n;

/** Facts of a token that nothing speaks against. */
export const SOUND_FACTS: { readonly [Id in CheckId]: FactsOf<Id> } = {
  metadata: {
    tokenProgram: 'token-2022',
    decimals: 6,
    supply: 1_000_000_000_000_000n,
    mintAuthority: null,
    freezeAuthority: null,
    extensions: [
      { type: 'metadataPointer', typeNumber: 18, authority: null },
      { type: 'tokenMetadata', typeNumber: 19 },
    ],
    name: 'Gary the Cat',
    symbol: 'GARY',
    uri: 'https://ipfs.io/ipfs/bafkreigjcoj5qmin7omjc3yzb6mgh54d7krcienw7gtxafubumv4apwxva',
    updateAuthority: null,
    mutable: false,
    offchain: known({
      name: 'Gary the Cat',
      symbol: 'GARY',
      description: 'A cat named Gary.',
      hasImage: true,
      twitter: 'https://x.com/garycatx',
      telegram: null,
      website: 'https://garycat.fun',
    }),
  },
  holders: {
    circulating: 800_000_000_000_000n,
    supply: 1_000_000_000_000_000n,
    top1Bps: 300,
    top10Bps: 1_500,
    creatorBps: 100,
    pooledBps: 2_000,
    concentrationIndex: 150,
    listed: 20,
    bundleBps: 0,
  },
  social: {
    twitter: 'garycatx',
    telegram: null,
    website: 'https://garycat.fun/',
    sources: ['metadata', 'dexscreener'],
    dexProfile: true,
    boosts: 0,
    xAccount: absent('X is not configured'),
  },
  honeypot: {
    restrictions: [],
    transferFeeBps: 0,
    rugcheck: known({
      riskScore: 1,
      rugged: false,
      dangers: [],
      warnings: 0,
      insidersDetected: 0,
      creatorTokens: null,
    }),
  },
  organic: {
    organicScore: 40,
    holderCount: 2_988,
    buys: 374,
    sells: 154,
    traders: 152,
    organicBuyers: null,
    netBuyers: 102,
    suspicious: false,
    devBalanceBps: null,
    devMints: 2,
    devMigrations: 1,
    liquidityUsd: 33_279.65,
  },
  liquidity: {
    pricing: 'constant-product',
    quoteReserve: 85n * SOL,
    baseReserve: 206_900_000_000_000n,
    stakeImpactBps: 12,
    lockedLiquidityBps: 10_000,
  },
};

export const anOpening = (changes: Partial<PoolOpening> = {}): PoolOpening => ({
  mint: addressNamed('token mint'),
  pool: addressNamed('token pool'),
  venue: 'pump-swap',
  event: 'migration',
  quoteMint: WRAPPED_SOL,
  creator: addressNamed('token creator'),
  baseVault: addressNamed('token base vault'),
  quoteVault: addressNamed('token quote vault'),
  lpMint: addressNamed('token lp mint'),
  openTime: null,
  ...changes,
});

type Changes = { readonly [Id in CheckId]?: Partial<FactsOf<Id>> | Finding<never> };

/** Evidence of a sound token, with these facts changed, or a check that learned nothing. */
export function anEvidence(
  changes: Changes & { readonly opening?: Partial<PoolOpening>; readonly observedAt?: number } = {},
): Evidence {
  const check = <Id extends CheckId>(id: Id): Evidence['checks'][Id] => {
    const change = changes[id];
    const finding: Finding<FactsOf<Id>> =
      change !== undefined && 'status' in change
        ? change
        : known({ ...SOUND_FACTS[id], ...(change as Partial<FactsOf<Id>>) });
    return {
      finding,
      timing: { startedMs: 0, latencyMs: 150, attempts: 1 },
    } as unknown as Evidence['checks'][Id];
  };
  return {
    version: EVIDENCE_VERSION,
    opening: anOpening(changes.opening),
    detectedAt: DETECTED_AT_MS,
    observedAt: changes.observedAt ?? DETECTED_AT_MS + 600,
    look: 1,
    checks: {
      metadata: check('metadata'),
      holders: check('holders'),
      social: check('social'),
      honeypot: check('honeypot'),
      organic: check('organic'),
      liquidity: check('liquidity'),
    },
  };
}

/** The strategy of the project's own `trading.toml`. */
export const defaultStrategy: Strategy = strategyOf(loadTradingConfig({ stage: 'test' }));

type Rules = Strategy['synthesis']['rules'];

/**
 * The default strategy with other limits for some rules and other values beside them; a single look,
 * unless more are asked for.
 */
export function aStrategy(
  changes: {
    readonly rules?: { readonly [Id in keyof Rules]?: Partial<Rules[Id]> };
    readonly synthesis?: Partial<Omit<Strategy['synthesis'], 'rules' | 'weights'>>;
    readonly weights?: Partial<Strategy['synthesis']['weights']>;
    readonly plan?: Partial<Strategy['plan']>;
  } = {},
): VersionedStrategy {
  const { synthesis, plan } = defaultStrategy;
  const rules = Object.fromEntries(
    Object.entries(synthesis.rules).map(([id, limits]) => [
      id,
      { ...limits, ...changes.rules?.[id as keyof Rules] },
    ]),
  ) as Rules;
  return {
    version: 'test-strategy',
    strategy: {
      synthesis: {
        ...synthesis,
        looks_after_seconds: [],
        ...changes.synthesis,
        rules,
        weights: { ...synthesis.weights, ...changes.weights },
      },
      plan: { ...plan, ...changes.plan },
    },
  };
}
