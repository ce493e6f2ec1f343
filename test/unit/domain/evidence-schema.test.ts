import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { evidenceSchemaText } from '#cli/evidence-schema.ts';
import { CHECK_FACTS, CHECK_IDS } from '#shared/domain/evidence.ts';

const path = fileURLToPath(new URL('../../../docs/evidence.schema.json', import.meta.url));

describe('the published schema of evidence', () => {
  it('is what the code says: else run `npm run schema`', () => {
    expect(readFileSync(path, 'utf8')).toBe(evidenceSchemaText());
  });

  it('names every check, its finding and its timing', () => {
    const { properties } = z
      .object({ properties: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(evidenceSchemaText()));
    expect(Object.keys(properties)).toEqual([
      'version',
      'opening',
      'detectedAt',
      'observedAt',
      'look',
      'checks',
    ]);
    expect(properties['checks']).toMatchObject({
      required: [...CHECK_IDS],
      properties: Object.fromEntries(
        CHECK_IDS.map((id) => [id, { required: ['finding', 'timing'] }]),
      ),
    });
    expect(Object.keys(CHECK_FACTS)).toEqual([...CHECK_IDS]);
  });
});
