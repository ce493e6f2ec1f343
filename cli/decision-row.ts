import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { shadowAttributeSchema } from '#shared/adapters/aws/shadow-attribute.ts';
import { type Decision, VERDICTS, shadowVerdictSchema } from '#shared/domain/decision.ts';
import { lookKey } from '#shared/domain/table-keys.ts';

/** A decision as the index by verdict holds it: what lists and statistics need, without evidence. */
export const decisionRowSchema = z
  .object({
    mint: z.string(),
    /** `<pool>#<nn>`, as in the table. */
    look: z.string().regex(/^.+#\d+$/),
    verdict: z.enum(VERDICTS),
    score: z.number(),
    coverage: z.number(),
    symbol: z.string().nullish(),
    venue: z.string(),
    creator: z.string().nullish(),
    reasons: z.array(z.string()),
    decidedAt: z.number(),
    latencyMs: z.number(),
    /** What other strategies say of the same evidence; absent where none judged along. */
    shadows: shadowAttributeSchema.or(z.array(shadowVerdictSchema)).optional(),
  })
  .transform(({ look, symbol, creator, ...row }) => ({
    ...row,
    pool: look.slice(0, look.lastIndexOf('#')),
    look: Number(look.slice(look.lastIndexOf('#') + 1)),
    symbol: symbol ?? '',
    creator: creator ?? null,
  }));
export type DecisionRow = z.infer<typeof decisionRowSchema>;

/** The row of an index item; undefined when it is none of ours. */
export const rowOfItem = (item: Record<string, AttributeValue>): DecisionRow | undefined =>
  decisionRowSchema.safeParse(unmarshall(item)).data;

/** The same row, of a decision read whole. */
export const rowOfDecision = (decision: Decision): DecisionRow =>
  decisionRowSchema.parse({
    ...decision,
    mint: decision.opening.mint,
    look: lookKey(decision.opening.pool, decision.look),
    venue: decision.opening.venue,
    creator: decision.opening.creator,
  });

/** One look, by name. */
export const rowId = ({ mint, pool, look }: DecisionRow): string => `${mint}/${pool}/${look}`;

/** As printed by `--json`: times as ISO 8601. */
export const jsonOfRow = (row: DecisionRow): Record<string, unknown> => ({
  decidedAt: new Date(row.decidedAt).toISOString(),
  verdict: row.verdict,
  score: row.score,
  coverage: row.coverage,
  mint: row.mint,
  pool: row.pool,
  look: row.look,
  symbol: row.symbol,
  venue: row.venue,
  creator: row.creator,
  latencyMs: row.latencyMs,
  reasons: row.reasons,
  ...(row.shadows === undefined ? {} : { shadows: row.shadows }),
});
