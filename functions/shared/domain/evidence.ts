import * as z from 'zod';

import { addressSchema } from './address.ts';
import { lookSchema, poolOpeningSchema } from './detection.ts';
import { amountSchema, bpsSchema } from './units.ts';

/** Version of the stored evidence; raised when a field changes its meaning. */
export const EVIDENCE_VERSION = 1;

const MAX_REASON = 200;
const reason = z.string().max(MAX_REASON);

/**
 * What one question learned: the answer, that the upstream does not know it (yet), or why asking
 * failed. None of the last two is a zero, and none is a pass.
 */
export const findingSchema = <Facts extends z.ZodType>(facts: Facts) =>
  z.discriminatedUnion('status', [
    z.object({ status: z.literal('known'), facts }),
    z.object({ status: z.literal('absent'), reason }),
    z.object({ status: z.literal('failed'), reason }),
  ]);

export type Finding<Facts> =
  | { status: 'known'; facts: Facts }
  | { status: 'absent'; reason: string }
  | { status: 'failed'; reason: string };

export const known = <Facts>(facts: Facts): Finding<Facts> => ({ status: 'known', facts });
export const absent = (reason: string): Finding<never> => ({
  status: 'absent',
  reason: reason.slice(0, MAX_REASON),
});
export const failed = (reason: string): Finding<never> => ({
  status: 'failed',
  reason: reason.slice(0, MAX_REASON),
});

/** One Token-2022 extension of a mint, in the words of the token program. */
export const extensionSchema = z.object({
  /** Name as in the token program's `ExtensionType`, camel case; `unknown` for a type we do not know. */
  type: z.string().max(40),
  /** Number of the type on chain. */
  typeNumber: z.number().int(),
  /** Transfer fee: the higher of the current and the next one. */
  transferFeeBps: bpsSchema.optional(),
  /** Whoever may change or use what the extension grants; null when nobody may. */
  authority: addressSchema.nullable().optional(),
  /** Program of a transfer hook; null when none is set. */
  programId: addressSchema.nullable().optional(),
  /** Default account state: true when new accounts start frozen. */
  frozen: z.boolean().optional(),
  /** Pausable: true while all transfers are stopped. */
  paused: z.boolean().optional(),
});
export type Extension = z.infer<typeof extensionSchema>;

const link = z.string().max(300);
const text = (max: number) => z.string().max(max);

/** The JSON that the token's creator published at the metadata URI. */
export const offchainMetadataSchema = z.object({
  name: text(64),
  symbol: text(32),
  description: text(280),
  hasImage: z.boolean(),
  twitter: link.nullable(),
  telegram: link.nullable(),
  website: link.nullable(),
});
export type OffchainMetadata = z.infer<typeof offchainMetadataSchema>;

/** Mint account, Metaplex account and off-chain JSON. */
export const metadataFactsSchema = z.object({
  tokenProgram: z.enum(['spl-token', 'token-2022']),
  decimals: z.number().int().min(0).max(255),
  supply: amountSchema,
  mintAuthority: addressSchema.nullable(),
  freezeAuthority: addressSchema.nullable(),
  extensions: z.array(extensionSchema).max(40),
  /** Control characters and bidi overrides are already removed. Empty when there is none on chain. */
  name: text(64),
  symbol: text(32),
  uri: text(256),
  updateAuthority: addressSchema.nullable(),
  /** Null when no metadata account was found. */
  mutable: z.boolean().nullable(),
  offchain: findingSchema(offchainMetadataSchema),
});

/** Who holds the supply, pools, curves, lockers and burnt tokens left out by owner. */
export const holdersFactsSchema = z.object({
  /** The supply less what is burnt or lies in the pool's custody: what people hold. */
  circulating: amountSchema,
  supply: amountSchema,
  /** Largest holder and ten largest holders, of the whole supply. */
  top1Bps: bpsSchema,
  top10Bps: bpsSchema,
  /** The creator's share; null when the creator is unknown. */
  creatorBps: bpsSchema.nullable(),
  /** Share of the supply in the pool's vault or curve. */
  pooledBps: bpsSchema,
  /** Herfindahl index of the listed holders' shares of `circulating`, 0..=10_000; 10_000 is one holder. */
  concentrationIndex: bpsSchema,
  /** Holders listed, at most 20: the RPC method names no more. */
  listed: z.number().int().min(0).max(20),
  /** Shares of the listed holders bought in the pool's first slot, merged as one; null when not read. */
  bundleBps: bpsSchema.nullable(),
});

export const xAccountSchema = z.object({
  handle: text(32),
  followers: z.number().int().nonnegative(),
  /** Unix seconds. */
  createdAt: z.number().int(),
  verified: z.boolean(),
});

/** Public presence: only a profile's root counts as a profile. */
export const socialFactsSchema = z.object({
  /** X handle without the at sign. */
  twitter: text(32).nullable(),
  telegram: text(64).nullable(),
  website: link.nullable(),
  /** Where a link was found: `metadata`, `jupiter`, `dexscreener`. */
  sources: z.array(text(16)).max(3),
  /** True when DexScreener shows a paid or claimed profile for the token. */
  dexProfile: z.boolean().nullable(),
  boosts: z.number().int().nonnegative().nullable(),
  xAccount: findingSchema(xAccountSchema),
});

export const rugcheckSchema = z.object({
  /** 0..100, higher is riskier. */
  riskScore: z.number().min(0).max(100),
  /** RugCheck saw the liquidity pulled. */
  rugged: z.boolean(),
  /** Names of the risks of level `danger`, as RugCheck words them, at most ten. */
  dangers: z.array(text(80)).max(10),
  warnings: z.number().int().nonnegative(),
  insidersDetected: z.number().int().nonnegative().nullable(),
  /** Tokens the same creator made before, of those RugCheck lists; null when it lists none. */
  creatorTokens: z.number().int().nonnegative().nullable(),
});

/** Something in the mint that lets somebody stop, tax or seize the holder's tokens. */
export const restrictionSchema = z.object({
  kind: z.enum([
    'mint-authority',
    'freeze-authority',
    'transfer-fee',
    'raisable-fee',
    'permanent-delegate',
    'transfer-hook',
    'default-frozen',
    'non-transferable',
    'pausable',
    'unvetted-extension',
  ]),
  detail: text(120),
});
export type Restriction = z.infer<typeof restrictionSchema>;

/** Can what was bought be sold again? Our own rules on the mint, and RugCheck's report. */
export const honeypotFactsSchema = z.object({
  restrictions: z.array(restrictionSchema).max(42),
  /** Highest transfer fee that applies now or is already scheduled. */
  transferFeeBps: bpsSchema,
  rugcheck: findingSchema(rugcheckSchema),
});

/** Trading as Jupiter sees it. */
export const organicFactsSchema = z.object({
  /** 0..100; null while the token is too young to have one (Jupiter answers 0 then). */
  organicScore: z.number().min(0).max(100).nullable(),
  holderCount: z.number().int().nonnegative().nullable(),
  /** Trades of the last five minutes; null when Jupiter has none. */
  buys: z.number().int().nonnegative().nullable(),
  sells: z.number().int().nonnegative().nullable(),
  traders: z.number().int().nonnegative().nullable(),
  organicBuyers: z.number().int().nonnegative().nullable(),
  netBuyers: z.number().int().nullable(),
  /** Jupiter's audit flags the token as suspicious; null without an audit. */
  suspicious: z.boolean().nullable(),
  devBalanceBps: bpsSchema.nullable(),
  /** Tokens this developer has made, and how many of them graduated. */
  devMints: z.number().int().nonnegative().nullable(),
  devMigrations: z.number().int().nonnegative().nullable(),
  liquidityUsd: z.number().nonnegative().nullable(),
});

/** What stands in the pool. */
export const liquidityFactsSchema = z.object({
  pricing: z.enum(['curve', 'constant-product', 'concentrated']),
  /** Base units of the quote mint really in the pool (lamports for SOL). */
  quoteReserve: amountSchema,
  baseReserve: amountSchema,
  /** Price impact of the strategy's stake by our own arithmetic; null where the curve is not ours to compute. */
  stakeImpactBps: bpsSchema.nullable(),
  /** Share of the liquidity tokens burnt or locked; null where the venue has none. */
  lockedLiquidityBps: bpsSchema.nullable(),
});

/** The checks, each one concurrent question about a token. */
export const CHECK_FACTS = {
  metadata: metadataFactsSchema,
  holders: holdersFactsSchema,
  social: socialFactsSchema,
  honeypot: honeypotFactsSchema,
  organic: organicFactsSchema,
  liquidity: liquidityFactsSchema,
} as const;

export type CheckId = keyof typeof CHECK_FACTS;
export const CHECK_IDS = [
  'metadata',
  'holders',
  'social',
  'honeypot',
  'organic',
  'liquidity',
] as const satisfies readonly CheckId[];
export type FactsOf<Id extends CheckId> = z.infer<(typeof CHECK_FACTS)[Id]>;

/** When a check ran, in milliseconds since the analysis began, and what it cost. */
export const timingSchema = z.object({
  startedMs: z.number().nonnegative(),
  latencyMs: z.number().nonnegative(),
  /** Questions put to upstreams, repeats included; one that checks share counts where it was asked first. */
  attempts: z.number().int().nonnegative(),
});
export type Timing = z.infer<typeof timingSchema>;

const checkSchema = <Facts extends z.ZodType>(facts: Facts) =>
  z.object({ finding: findingSchema(facts), timing: timingSchema });

/** All that the analysis learned of one token: a JSON value, and the whole input of the synthesis. */
export const evidenceSchema = z.object({
  version: z.literal(EVIDENCE_VERSION),
  opening: poolOpeningSchema,
  /** Unix milliseconds of the detection and of the end of the analysis. */
  detectedAt: z.number().int(),
  observedAt: z.number().int(),
  look: lookSchema,
  checks: z.object({
    metadata: checkSchema(metadataFactsSchema),
    holders: checkSchema(holdersFactsSchema),
    social: checkSchema(socialFactsSchema),
    honeypot: checkSchema(honeypotFactsSchema),
    organic: checkSchema(organicFactsSchema),
    liquidity: checkSchema(liquidityFactsSchema),
  }),
});
export type Evidence = z.infer<typeof evidenceSchema>;
/** As stored and published: amounts are strings of digits. */
export type EvidenceJson = z.input<typeof evidenceSchema>;

/** The facts of a finding when they are known, undefined otherwise. */
export const factsOf = <Facts>(finding: Finding<Facts>): Facts | undefined =>
  finding.status === 'known' ? finding.facts : undefined;
