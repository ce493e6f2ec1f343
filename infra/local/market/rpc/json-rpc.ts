import * as z from 'zod';

import { withExactRentEpoch } from './account-json.ts';
import { accountMethods } from './account-methods.ts';
import { clusterMethods } from './cluster-methods.ts';
import type { RpcContext, RpcMethod } from './rpc-context.ts';
import { RpcError } from './rpc-error.ts';
import { sendMethods } from './send-methods.ts';
import { tokenMethods } from './token-methods.ts';
import { transactionMethods } from './transaction-methods.ts';

const METHODS = new Map<string, RpcMethod>(
  Object.entries({
    ...accountMethods,
    ...clusterMethods,
    ...sendMethods,
    ...tokenMethods,
    ...transactionMethods,
  }),
);

const call = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});

/** One call of a request, or why it is none. */
export type RpcCall =
  | {
      readonly kind: 'call';
      readonly id: string | number | null;
      readonly method: string;
      readonly params: readonly unknown[];
    }
  | { readonly kind: 'invalid'; readonly error: RpcError };

/** A request body: one call or a batch of them. */
export type RpcRequest = { readonly batch: boolean; readonly calls: readonly RpcCall[] };

/** Reads a request body; what is wrong with it is answered, as nodes do. */
export function parseRpcRequest(body: string): RpcRequest {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return {
      batch: false,
      calls: [{ kind: 'invalid', error: new RpcError(-32_700, 'Parse error') }],
    };
  }
  const list: unknown[] = Array.isArray(json) ? json : [json];
  const calls = list.map((item): RpcCall => {
    const parsed = call.safeParse(item);
    if (!parsed.success)
      return { kind: 'invalid', error: new RpcError(-32_600, 'Invalid request') };
    const { id, method, params } = parsed.data;
    return { kind: 'call', id, method, params: params ?? [] };
  });
  return { batch: Array.isArray(json), calls };
}

/** The response body: always HTTP 200, errors inside. */
export function answerRpcRequest(context: RpcContext, { batch, calls }: RpcRequest): string {
  const answers = calls.map((one) => withExactRentEpoch(JSON.stringify(answer(context, one))));
  return batch ? `[${answers.join(',')}]` : (answers[0] ?? '');
}

/** An error answer to every call of a request: rate limits and faults. */
export function failRpcRequest({ batch, calls }: RpcRequest, error: RpcError): string {
  const answers = calls.map((one) => JSON.stringify(envelope(one, error)));
  return batch ? `[${answers.join(',')}]` : (answers[0] ?? '');
}

function answer(context: RpcContext, one: RpcCall) {
  if (one.kind === 'invalid') return envelope(one, one.error);
  const method = METHODS.get(one.method);
  if (method === undefined) return envelope(one, new RpcError(-32_601, 'Method not found'));
  try {
    return { jsonrpc: '2.0', result: method(context, one.params), id: one.id };
  } catch (error) {
    if (error instanceof RpcError) return envelope(one, error);
    const reason = error instanceof Error ? error.message : String(error);
    return envelope(one, new RpcError(-32_603, `Internal error: ${reason}`));
  }
}

function envelope(one: RpcCall, { code, message, data }: RpcError) {
  const error = data === undefined ? { code, message } : { code, message, data };
  return { jsonrpc: '2.0', error, id: one.kind === 'call' ? one.id : null };
}
