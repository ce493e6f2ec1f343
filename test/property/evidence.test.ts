import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { evidenceSchema } from '#shared/domain/evidence.ts';
import { anyEvidence, anyEvidenceJson } from '../support/evidence-arbitrary.ts';

describe('evidence', () => {
  it('is the same after a way through JSON', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const json = JSON.stringify(z.encode(evidenceSchema, evidence));
        expect(evidenceSchema.parse(JSON.parse(json))).toEqual(evidence);
      }),
    );
  });

  it('is the same JSON after a way through code', () => {
    fc.assert(
      fc.property(anyEvidenceJson, (json) => {
        // Amounts have one form in digits.
        const evidence = z.decode(evidenceSchema, json);
        expect(z.encode(evidenceSchema, evidence)).toEqual(json);
      }),
    );
  });

  it.each([
    ['an amount beyond u64', '18446744073709551616'],
    ['a negative amount', '-1'],
    ['a number for an amount', 5],
    ['an empty amount', ''],
  ])('is refused with %s', (_what, amount) => {
    const [json] = fc.sample(
      anyEvidenceJson.filter(({ checks }) => checks.liquidity.finding.status === 'known'),
      { numRuns: 1, seed: 7 },
    );
    const facts = json?.checks.liquidity.finding;
    expect(evidenceSchema.safeParse(json).success).toBe(true);
    Object.assign(facts?.status === 'known' ? facts.facts : {}, { quoteReserve: amount });
    expect(evidenceSchema.safeParse(json).success).toBe(false);
  });
});
