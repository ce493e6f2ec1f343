import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

const rowSchema = z
  .object({
    mint: z.string(),
    pool: z.string(),
    detectedAt: z.number(),
    decidedAt: z.number(),
    latencyMs: z.number(),
    queuedMs: z.number(),
    endedEarly: z.boolean(),
    /** When each check had its answer, since the analysis began. */
    checkMs: z.record(z.string(), z.number()),
  })
  .transform((row) => {
    const analysisMs = row.latencyMs - row.queuedMs;
    // With an early veto, the check that brought it is the last one with an answer.
    const slowestMs = Math.max(0, ...Object.values(row.checkMs));
    return { ...row, overheadMs: Math.max(0, analysisMs - Math.min(slowestMs, analysisMs)) };
  });
export type AnalysedRow = z.infer<typeof rowSchema>;

/** Every row of a bench's decisions table, as far as the figures need it. */
export async function analysedRows(client: DynamoDBClient, table: string): Promise<AnalysedRow[]> {
  const rows: AnalysedRow[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of page.Items ?? []) rows.push(rowSchema.parse(unmarshall(item)));
  }
  return rows;
}
