import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import type { PoolOpening } from '#shared/domain/detection.ts';
import {
  EVIDENCE_VERSION,
  type Evidence,
  type FactsOf,
  type Finding,
  type Restriction,
  absent,
  failed,
  known,
} from '#shared/domain/evidence.ts';
import { shareBps } from '#shared/domain/units.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { Random } from '#infra/local/market/random.ts';

/** Evidence of a token that never was, and what is to become of it. */
export type GeneratedToken = { readonly evidence: Evidence; readonly label: 'good' | 'bad' };

/** Share of good ones: the base rate of the published data sets is about a quarter. */
const GOOD = 0.25;
/** Share of the bad ones that can be told on chain: the rest look like good ones. */
const TRAP = 0.35;
const SUPPLY = 1_000_000_000_000_000n;
const LAMPORTS_PER_MILLI_SOL = 1_000_000n;
const FIRST_MS = Date.UTC(2026, 10, 1, 12);

/**
 * Tokens for measurements and tests, always the same for the same seed. What separates good from bad
 * is a stated assumption and no finding: nothing about the market can be learned from them.
 */
export function* generatedEvidence(count: number, seed = 1): Generator<GeneratedToken> {
  const random = new Random(`evidence ${seed}`);
  for (let at = 0; at < count; at += 1) yield tokenOf(random, at);
}

function tokenOf(random: Random, at: number): GeneratedToken {
  const isGood = random.chance(GOOD);
  const isTrap = !isGood && random.chance(TRAP);
  const opening = openingOf(random);
  const detectedAt = FIRST_MS + at * 400;
  const check = <Facts>(finding: Finding<Facts>) => ({
    finding,
    timing: { startedMs: 0, latencyMs: random.int(40, 900), attempts: 1 },
  });
  const evidence: Evidence = {
    version: EVIDENCE_VERSION,
    opening,
    detectedAt,
    observedAt: detectedAt + random.int(200, 1_500),
    look: 1,
    checks: {
      metadata: check(learned(random, 0.98, () => metadataOf(isTrap, opening))),
      holders: check(learned(random, 0.9, () => holdersOf(random, isGood))),
      social: check(learned(random, 0.95, () => socialOf(random, isGood))),
      honeypot: check(learned(random, 0.95, () => honeypotOf(random, isGood, isTrap))),
      organic: check(learned(random, 0.8, () => organicOf(random, isGood))),
      liquidity: check(learned(random, 0.95, () => liquidityOf(random, isGood))),
    },
  };
  return { evidence, label: isGood ? 'good' : 'bad' };
}

function learned<Facts>(random: Random, often: number, facts: () => Facts): Finding<Facts> {
  if (random.chance(often)) return known(facts());
  return random.chance(0.7) ? absent('not listed yet') : failed('timed out');
}

function addressOf(random: Random): Address {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let offset = 0; offset < 32; offset += 4) view.setUint32(offset, random.bits());
  return addressOfBytes(bytes);
}

const openingOf = (random: Random): PoolOpening => ({
  mint: addressOf(random),
  pool: addressOf(random),
  venue: 'pump-swap',
  event: 'migration',
  quoteMint: WRAPPED_SOL,
  creator: addressOf(random),
  baseVault: addressOf(random),
  quoteVault: addressOf(random),
  lpMint: addressOf(random),
  openTime: null,
});

const metadataOf = (isTrap: boolean, { creator, mint }: PoolOpening): FactsOf<'metadata'> => ({
  tokenProgram: 'token-2022',
  decimals: 6,
  supply: SUPPLY,
  mintAuthority: null,
  freezeAuthority: isTrap ? creator : null,
  extensions: [
    { type: 'metadataPointer', typeNumber: 18, authority: null },
    { type: 'tokenMetadata', typeNumber: 19 },
  ],
  name: `Token ${mint.slice(0, 6)}`,
  symbol: mint.slice(0, 5).toUpperCase(),
  uri: `https://ipfs.io/ipfs/${mint}`,
  updateAuthority: null,
  mutable: false,
  offchain: known({
    name: `Token ${mint.slice(0, 6)}`,
    symbol: mint.slice(0, 5).toUpperCase(),
    description: '',
    hasImage: true,
    twitter: null,
    telegram: null,
    website: null,
  }),
});

function holdersOf(random: Random, isGood: boolean): FactsOf<'holders'> {
  const top1Bps = Math.round(random.between(100, isGood ? 1_200 : 2_600));
  const top10Bps = Math.min(10_000, Math.round(top1Bps * random.between(2, isGood ? 4 : 6)));
  const pooled = BigInt(random.int(500, 4_000));
  return {
    circulating: (SUPPLY * (10_000n - pooled)) / 10_000n,
    supply: SUPPLY,
    top1Bps,
    top10Bps,
    creatorBps: random.chance(0.9) ? random.int(0, isGood ? 500 : 1_300) : null,
    pooledBps: shareBps(pooled, 10_000n),
    concentrationIndex: random.int(50, isGood ? 500 : 1_500),
    listed: 20,
    bundleBps: random.chance(0.2) ? random.int(0, isGood ? 2_500 : 6_000) : null,
  };
}

const socialOf = (random: Random, isGood: boolean): FactsOf<'social'> => ({
  twitter: random.chance(isGood ? 0.8 : 0.7) ? 'token' : null,
  telegram: random.chance(isGood ? 0.4 : 0.3) ? 'token' : null,
  website: random.chance(isGood ? 0.6 : 0.5) ? 'https://token.example/' : null,
  sources: ['metadata'],
  dexProfile: null,
  boosts: null,
  xAccount: absent('X is not configured'),
});

function honeypotOf(random: Random, isGood: boolean, isTrap: boolean): FactsOf<'honeypot'> {
  const restrictions: Restriction[] = isTrap
    ? [{ kind: 'freeze-authority', detail: 'can freeze' }]
    : [];
  const report = (): Finding<{
    riskScore: number;
    rugged: boolean;
    dangers: string[];
    warnings: number;
    insidersDetected: number | null;
    creatorTokens: number | null;
  }> =>
    known({
      riskScore: random.int(1, isGood ? 55 : 90),
      rugged: !isGood && random.chance(0.05),
      dangers: random.chance(isGood ? 0.1 : 0.4) ? ['Top 10 holders high ownership'] : [],
      warnings: random.int(0, 3),
      insidersDetected: 0,
      creatorTokens: null,
    });
  return {
    restrictions,
    transferFeeBps: 0,
    rugcheck: random.chance(0.6) ? report() : absent('RugCheck: not found'),
  };
}

function organicOf(random: Random, isGood: boolean): FactsOf<'organic'> {
  const traders = random.int(2, isGood ? 300 : 180);
  return {
    organicScore: random.chance(0.3) ? random.int(1, isGood ? 80 : 50) : null,
    holderCount: traders * 2,
    buys: traders * 2,
    sells: traders,
    traders,
    organicBuyers: null,
    netBuyers: random.int(isGood ? -5 : -30, isGood ? 120 : 60),
    suspicious: null,
    devBalanceBps: null,
    devMints: random.chance(0.8) ? random.int(1, isGood ? 8 : 40) : null,
    devMigrations: random.int(0, isGood ? 3 : 1),
    liquidityUsd: null,
  };
}

const liquidityOf = (random: Random, isGood: boolean): FactsOf<'liquidity'> => ({
  pricing: 'constant-product',
  quoteReserve:
    BigInt(random.int(isGood ? 8_000 : 500, isGood ? 120_000 : 90_000)) * LAMPORTS_PER_MILLI_SOL,
  baseReserve: SUPPLY / 5n,
  stakeImpactBps: random.int(5, 300),
  lockedLiquidityBps: random.chance(0.7) ? 10_000 : 0,
});
