import * as z from 'zod';

import { Fault, isFault } from '../../domain/fault.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import { endpointOrder } from '../../upstream/endpoint-order.ts';
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
/** Two in a row are no accident; half a minute later the endpoint gets another chance. */
const ORDER = { failuresToDemote: 2, demotedMs: 30_000 };

export type RpcClientOptions = {
  /** One for each endpoint, the preferred one first. */
  readonly clients: readonly JsonClient[];
  readonly clock?: Clock;
};

/**
 * Asks the first endpoint, and the next ones in their order only while the one before is
 * unavailable, out of quota or broken: what an endpoint refuses for its content the next one would
 * refuse too. One that keeps failing is asked last for a while.
 */
export function rpcClient({ clients, clock = systemClock }: RpcClientOptions): RpcClient {
  const order = endpointOrder({ ...ORDER, endpoints: clients.length });
  let lastId = 0;
  return {
    async call(method, params, signal) {
      let failure: unknown = new Fault('config.invalid', { issues: ['no RPC endpoint'] });
      for (const endpoint of order.at(clock.now())) {
        const client = clients[endpoint];
        if (client === undefined) continue;
        lastId += 1;
        const body = { jsonrpc: '2.0', id: lastId, method, params };
        try {
          const answer = await client.request({ body, kind: method, idempotent: true, signal });
          const result = resultOf(answer, client.upstream, method);
          order.answered(endpoint);
          return result;
        } catch (error) {
          failure = error;
          if (signal.aborted || !anotherMayAnswer(error)) break;
          order.failed(endpoint, clock.now());
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
