import * as z from 'zod';

import { Fault, isFault } from '../../domain/fault.ts';
import type { JsonAnswer, JsonClient } from '../http/json-client.ts';

/** Solana JSON-RPC, reads only. */
export type RpcClient = {
  /**
   * The `result` of one call, `null` included: for many methods that is "not there yet".
   * @throws {Fault} `upstream.refused` with the JSON-RPC error code (or the HTTP status) as `status`;
   * `upstream.unavailable`, `upstream.malformed` as from the JSON client.
   */
  readonly call: (
    method: string,
    params: readonly unknown[],
    signal: AbortSignal,
  ) => Promise<unknown>;
};

const errorSchema = z.object({ code: z.number(), message: z.string() });
const envelopeSchema = z.object({ error: errorSchema.nullish(), result: z.unknown().optional() });

const TOO_MANY_REQUESTS = 429;

/**
 * Asks the first endpoint, and the next ones in their order only while the one before is
 * unavailable, out of quota or broken: what an endpoint refuses for its content the next one would
 * refuse too.
 */
export function rpcClient({ clients }: { readonly clients: readonly JsonClient[] }): RpcClient {
  let lastId = 0;
  return {
    async call(method, params, signal) {
      let failure: unknown = new Fault('config.invalid', { issues: ['no RPC endpoint'] });
      for (const client of clients) {
        lastId += 1;
        const body = { jsonrpc: '2.0', id: lastId, method, params };
        try {
          return resultOf(
            await client.request({ body, idempotent: true, signal }),
            client.upstream,
            method,
          );
        } catch (error) {
          failure = error;
          if (signal.aborted || !anotherMayAnswer(error)) break;
        }
      }
      throw failure;
    },
  };
}

function resultOf({ status, body }: JsonAnswer, upstream: string, method: string): unknown {
  const envelope = envelopeSchema.safeParse(body);
  const error = envelope.success ? envelope.data.error : undefined;
  if (error || status >= 400) {
    const reason = `${method}: ${error?.message ?? `HTTP ${status}`}`.slice(0, 160);
    throw new Fault('upstream.refused', {
      upstream,
      status: statusOf(status, error?.code),
      reason,
    });
  }
  if (!envelope.success || !('result' in envelope.data)) {
    throw new Fault('upstream.malformed', { upstream, reason: `${method}: no JSON-RPC answer` });
  }
  return envelope.data.result;
}

/** Out of quota comes as HTTP 429, as error 429 in the body of a 200, or as Helius's -32429. */
function statusOf(httpStatus: number, errorCode: number = httpStatus): number {
  if (errorCode === -32_429 || errorCode === TOO_MANY_REQUESTS) return TOO_MANY_REQUESTS;
  return httpStatus === TOO_MANY_REQUESTS || httpStatus >= 500 ? httpStatus : errorCode;
}

function anotherMayAnswer(error: unknown): boolean {
  if (!isFault(error)) return false;
  if (error.code === 'upstream.unavailable') return true;
  if (error.code !== 'upstream.refused' || !('status' in error.context)) return false;
  const { status } = error.context;
  return status === TOO_MANY_REQUESTS || (status >= 500 && status < 600);
}
