import * as z from 'zod';

import { evidenceSchema } from '#shared/domain/evidence.ts';

/** The JSON Schema of stored and replayed evidence, as text. */
export const evidenceSchemaText = (): string =>
  `${JSON.stringify(
    {
      title: 'Volley evidence, version 1',
      description: 'What one look at one token learned; the whole input of the synthesis.',
      ...z.toJSONSchema(evidenceSchema, { io: 'input' }),
    },
    null,
    2,
  )}\n`;
