import * as z from 'zod';

/**
 * What a function with `ReportBatchItemFailures` said of its batch: every item of it, or the named
 * ones. `all` also stands for an answer that cannot be understood.
 */
export type BatchVerdict =
  | { readonly failed: 'none' | 'all' }
  | { readonly failed: readonly string[] };

const responseSchema = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
  })
  .nullable();

/**
 * Reads a batch response by Lambda's rules: nothing, `null` and an empty list are success; a bad
 * key, an empty or an unknown identifier fail the whole batch.
 *
 * Source: Lambda Developer Guide, "Implementing partial batch responses".
 */
export function batchVerdict(payload: string, known: ReadonlySet<string>): BatchVerdict {
  if (payload.trim() === '' || payload === '""') return { failed: 'none' };
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    // The documented answer to invalid JSON.
    return { failed: 'all' };
  }
  const parsed = responseSchema.safeParse(value);
  if (!parsed.success) return { failed: 'all' };
  const items = parsed.data?.batchItemFailures ?? [];
  if (items.length === 0) return { failed: 'none' };
  const failed = items.map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((item) => known.has(item)) ? { failed } : { failed: 'all' };
}
