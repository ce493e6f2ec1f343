import { deflateRawSync, inflateRawSync } from 'node:zlib';

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import {
  type Decision,
  decisionDetailSchema,
  decisionSchema,
  tradePlanSchema,
} from '../../domain/decision.ts';
import { DETAIL_DICTIONARIES, DETAIL_DICTIONARY } from './detail-dictionary.ts';
import { shadowAttribute, shadowAttributeSchema } from './shadow-attribute.ts';
import { DECISIONS, lookKey, verdictHourKey, verdictShard } from '../../domain/table-keys.ts';

export type DecisionItem = Record<string, AttributeValue>;

const DAY_SECONDS = 86_400;
/** The detail of a row inflates to some 5 KB; no honest one comes near this. */
const MAX_DETAIL_BYTES = 400_000;

/**
 * The row of a decision: what people query in the clear, rules, factors and evidence deflated in
 * `detail`, so that a row costs one or two write units.
 */
export function decisionItem(decision: Decision, keepDays: number): DecisionItem {
  const { opening, decidedAt, verdict, plan } = decision;
  const at = new Date(decidedAt);
  const detail = z.encode(decisionDetailSchema, decision);
  const checkMs = Object.fromEntries(
    Object.entries(decision.checks).map(([id, { latencyMs }]) => [id, Math.round(latencyMs)]),
  );
  return marshall({
    [DECISIONS.partitionKey]: opening.mint,
    [DECISIONS.sortKey]: lookKey(opening.pool, decision.look),
    [DECISIONS.ttl]: Math.ceil(decidedAt / 1_000) + keepDays * DAY_SECONDS,
    [DECISIONS.byVerdict.partitionKey]: verdictHourKey(verdict, at, verdictShard(opening.mint)),
    [DECISIONS.byVerdict.sortKey]: `${at.toISOString()}#${opening.mint}`,
    verdict,
    score: decision.score,
    coverage: decision.coverage,
    reasons: decision.reasons,
    name: decision.name,
    symbol: decision.symbol,
    venue: opening.venue,
    event: opening.event,
    pool: opening.pool,
    quoteMint: opening.quoteMint,
    creator: opening.creator,
    source: decision.source,
    signature: decision.signature,
    slot: decision.slot,
    detectedAt: decision.detectedAt,
    lagMs: decision.lagMs,
    decidedAt,
    latencyMs: decision.latencyMs,
    queuedMs: decision.queuedMs,
    checkMs,
    endedEarly: decision.endedEarly,
    strategyVersion: decision.strategyVersion,
    ...(plan === null ? {} : { plan: z.encode(tradePlanSchema, plan) }),
    ...(decision.shadows === undefined ? {} : { shadows: shadowAttribute(decision.shadows) }),
    detail: packed(JSON.stringify(detail)),
  });
}

/** One byte for the dictionary, then the text deflated with it. */
const packed = (text: string): Uint8Array =>
  Buffer.concat([
    Uint8Array.of(DETAIL_DICTIONARY),
    deflateRawSync(text, { dictionary: dictionaryOf(DETAIL_DICTIONARY) }),
  ]);

const unpacked = (detail: Uint8Array): string =>
  inflateRawSync(detail.subarray(1), {
    dictionary: dictionaryOf(detail[0]),
    maxOutputLength: MAX_DETAIL_BYTES,
  }).toString('utf8');

function dictionaryOf(version: number | undefined): Buffer {
  const dictionary = DETAIL_DICTIONARIES.get(version ?? 0);
  if (dictionary !== undefined) return dictionary;
  throw new RangeError(`no dictionary ${version} for the details of a decision`);
}

const rowSchema = z.object({
  look: z.string().transform((key) => Number(key.slice(key.lastIndexOf('#') + 1))),
  detail: z.instanceof(Uint8Array),
  /** Only a BUY has one. */
  plan: z.unknown().optional(),
  shadows: shadowAttributeSchema.optional(),
});

/** Reads a row back. @throws {z.ZodError | RangeError} when the row is none of ours. */
export function decisionOfItem(item: DecisionItem): Decision {
  const attributes = unmarshall(item);
  const { look, detail, plan, shadows } = rowSchema.parse(attributes);
  return decisionSchema.parse({
    ...attributes,
    ...z.looseObject({}).parse(JSON.parse(unpacked(detail))),
    look,
    plan: plan ?? null,
    ...(shadows === undefined ? {} : { shadows }),
    shouldTrade: attributes['verdict'] === 'BUY',
  });
}
