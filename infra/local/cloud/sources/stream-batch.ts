import { batchVerdict } from './batch-response.ts';
import { type ReadRecord, sequenceOf } from './stream-record.ts';

/** What is left to do of a batch of stream records, and how often it has failed. */
export type StreamBatch = {
  readonly records: readonly ReadRecord[];
  readonly attempts: number;
};

/** The rules of a stream's event source mapping for what failed. */
export type StreamRetryRules = {
  /** `undefined`: without end. */
  readonly maximumRetryAttempts: number | undefined;
  readonly bisect: boolean;
};

export type StreamBatchStep =
  /** Nothing is left. */
  | { readonly step: 'done' }
  /** These come next, in this order, before anything else of the lane. */
  | { readonly step: 'retry'; readonly batches: readonly StreamBatch[] }
  | { readonly step: 'drop'; readonly records: readonly ReadRecord[] };

/**
 * The records of a batch that its function did not finish: from the lowest reported one on, those
 * after it among them, whatever became of them.
 *
 * Source: Lambda, "Configuring partial batch response with DynamoDB".
 */
export function unfinished(
  records: readonly ReadRecord[],
  payload: string,
  reportsFailures: boolean,
): readonly ReadRecord[] {
  if (!reportsFailures) return [];
  const { failed } = batchVerdict(payload, new Set(records.map(sequenceOf)));
  if (failed === 'none') return [];
  if (failed === 'all') return records;
  return records.slice(records.findIndex((record) => failed.includes(sequenceOf(record))));
}

/**
 * What to do after an attempt that left `left` of a batch. Splitting does not use up an attempt.
 *
 * Source: Lambda, "Retain discarded records for a DynamoDB event source".
 */
export function nextStep(
  batch: StreamBatch,
  left: readonly ReadRecord[],
  { maximumRetryAttempts, bisect }: StreamRetryRules,
): StreamBatchStep {
  if (left.length === 0) return { step: 'done' };
  const { attempts } = batch;
  if (bisect && left.length < batch.records.length)
    return { step: 'retry', batches: [{ records: left, attempts }] };
  if (bisect && left.length > 1) {
    const middle = Math.ceil(left.length / 2);
    const halves = [left.slice(0, middle), left.slice(middle)];
    return { step: 'retry', batches: halves.map((records) => ({ records, attempts })) };
  }
  if (maximumRetryAttempts !== undefined && attempts >= maximumRetryAttempts)
    return { step: 'drop', records: left };
  return { step: 'retry', batches: [{ records: left, attempts: attempts + 1 }] };
}
