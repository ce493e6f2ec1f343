import * as z from 'zod';

import { Fault } from '../domain/fault.ts';

/**
 * Reads the function's environment, all at once, at cold start: the only place that does.
 * @throws {Fault} `environment.invalid` naming the variables, never their values.
 */
export function readEnv<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  source: Readonly<Record<string, string | undefined>> = process.env,
) {
  const parsed = z.object(shape).safeParse(source);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Fault('environment.invalid', { issues });
}
