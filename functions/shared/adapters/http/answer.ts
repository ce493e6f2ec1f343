import type * as z from 'zod';

import { Fault } from '../../domain/fault.ts';
import type { JsonAnswer } from './json-client.ts';

/** @throws {Fault} `upstream.refused` for an answer that is neither good nor a known "not there". */
export function refuse(upstream: string, { status, retryAfterSeconds }: JsonAnswer): never {
  const wait = retryAfterSeconds === undefined ? '' : `, asks to wait ${retryAfterSeconds} s`;
  throw new Fault('upstream.refused', { upstream, status, reason: `HTTP ${status}${wait}` });
}

/**
 * The body by its schema: nothing from outside is used unchecked.
 * @throws {Fault} `upstream.refused` for another status than 200, `upstream.malformed` for another shape.
 */
export function bodyOf<Body>(upstream: string, schema: z.ZodType<Body>, answer: JsonAnswer): Body {
  if (answer.status !== 200) refuse(upstream, answer);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'another shape'}`;
  throw new Fault('upstream.malformed', { upstream, reason: where.slice(0, 120) });
}
