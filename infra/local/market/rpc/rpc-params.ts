import * as z from 'zod';

import { type Address, isAddress } from '#shared/domain/address.ts';
import { ACCOUNT_ENCODINGS } from './account-json.ts';
import { invalidParams } from './rpc-error.ts';

/** Positional parameters of one call. */
export type RpcParams = readonly unknown[];

/** @throws {RpcError} -32602 when it is no address. */
export function addressParam(params: RpcParams, at: number): Address {
  return parseAddress(params[at]);
}

export function parseAddress(value: unknown): Address {
  if (typeof value === 'string' && isAddress(value)) return value;
  if (typeof value !== 'string')
    throw invalidParams('Invalid params: invalid type, expected a string.');
  throw invalidParams(value.length > 44 ? 'Invalid param: WrongSize' : 'Invalid param: Invalid');
}

/** Most addresses or signatures in one call. */
export function listParam(params: RpcParams, at: number, max: number, what: string): unknown[] {
  const list = params[at];
  if (!Array.isArray(list)) throw invalidParams('Invalid params: expected a sequence.');
  if (list.length > max) throw invalidParams(`Too many ${what} provided; max ${max}`);
  return list;
}

const commitment = z.enum(['processed', 'confirmed', 'finalized']).optional();
/** Options that any method takes. Unknown ones are ignored, as nodes do. */
export const commitmentConfig = z.object({
  commitment,
  minContextSlot: z.number().int().optional(),
});

export const accountConfig = commitmentConfig.extend({
  encoding: z.enum(ACCOUNT_ENCODINGS).optional(),
  dataSlice: z.object({ offset: z.number().int(), length: z.number().int() }).optional(),
});

/**
 * The options object at `at`, which may be missing or null.
 * @throws {RpcError} -32602 when it has the wrong shape.
 */
export function configParam<Config>(
  params: RpcParams,
  at: number,
  schema: z.ZodType<Config>,
): Config {
  const parsed = schema.safeParse(params[at] ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidParams(`Invalid params: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
}
