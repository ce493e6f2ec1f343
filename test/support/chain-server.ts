import { createServer } from 'node:http';

import * as z from 'zod';

import { address } from '#shared/domain/address.ts';
import type { MemoryChain } from './memory-sweep.ts';

const requestSchema = z.object({
  id: z.number(),
  method: z.string(),
  params: z.array(z.unknown()),
});
const rangeSchema = z.object({
  before: z.string().optional(),
  until: z.string().optional(),
  limit: z.number(),
  commitment: z.literal('confirmed'),
});
const readSchema = z.object({
  encoding: z.literal('json'),
  commitment: z.literal('confirmed'),
  maxSupportedTransactionVersion: z.literal(1),
});

export type ChainServer = {
  readonly url: string;
  /** Answers each request with this instead, where it is set. */
  respond: (() => { status: number; body: unknown }) | undefined;
  readonly stop: () => Promise<void>;
};

/** The memory chain behind JSON-RPC: refuses what a node would refuse, or what is not to be asked. */
export async function startChainServer(chain: MemoryChain): Promise<ChainServer> {
  const { signal } = new AbortController();

  const resultOf = async (method: string, [subject, options]: unknown[]): Promise<unknown> => {
    if (method === 'getSignaturesForAddress') {
      const { before, until, limit } = rangeSchema.parse(options);
      const range = { limit, ...(before ? { before } : {}), ...(until ? { until } : {}) };
      const listed = await chain.list(address(z.string().parse(subject)), range, signal);
      return listed.map(({ signature, slot, blockTime, failed }) => ({
        signature,
        slot,
        blockTime,
        err: failed ? { InstructionError: [0, 'Custom'] } : null,
        memo: null,
        confirmationStatus: 'confirmed',
      }));
    }
    if (method !== 'getTransaction') throw new Error(`Method not found: ${method}`);
    readSchema.parse(options);
    return chain.transaction(z.string().parse(subject), signal);
  };

  const state: { respond: ChainServer['respond'] } = { respond: undefined };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id, method, params } = requestSchema.parse(
        JSON.parse(Buffer.concat(chunks).toString()),
      );
      const scripted = state.respond?.();
      if (scripted) {
        response.writeHead(scripted.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(scripted.body));
        return;
      }
      void resultOf(method, params).then(
        (result) => response.end(JSON.stringify({ jsonrpc: '2.0', id, result })),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_602, message } }));
        },
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/rpc`,
    stop: async () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  });
}
