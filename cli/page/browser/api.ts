import * as z from 'zod/mini';

import { problemSchema } from '../protocol.ts';

// zod would compile its parsers with `new Function`, which the page's policy forbids.
z.config({ jitless: true });

/** Asks the page's own server. @throws {Error} with the server's sentence, or that it is not there. */
export async function getJson<Schema extends z.ZodMiniType>(
  path: string,
  schema: Schema,
  signal?: AbortSignal,
): Promise<z.output<Schema>> {
  const response = await fetch(path, signal === undefined ? {} : { signal }).catch(
    (cause: unknown) => {
      throw new Error(SERVER_GONE, { cause });
    },
  );
  const body: unknown = await response.json();
  if (response.ok) return schema.parse(body);
  throw new Error(problemSchema.parse(body).error);
}

export const SERVER_GONE =
  'The page’s server does not answer. Start it again: npm start, or npm run dashboard.';

export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
