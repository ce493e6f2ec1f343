import * as z from 'zod';

import { addressSchema } from '../../domain/address.ts';
import { Fault } from '../../domain/fault.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '../../domain/token-mint.ts';
import type { SwapChain } from '../../ports/swap-chain.ts';
import { readLookupTables } from './lookup-tables.ts';
import {
  lookupTablesOf,
  readTransaction,
  signatureText,
  withSignature,
} from './read-transaction.ts';
import type { RpcClient } from './rpc-client.ts';
import { transactionAnswer } from './transaction-answer.ts';
import { associatedTokenAccount } from './wallet-token-accounts.ts';

/** Blocks beyond the last valid one: a node's own count may be off by some. */
const EXPIRY_MARGIN_BLOCKS = 32;
const NODES_FOR_PROOF = 2;

const statusSchema = z.object({
  value: z.tuple([
    z.object({ confirmationStatus: z.string().nullish(), err: z.unknown() }).nullable(),
  ]),
});
const simulationSchema = z.object({
  value: z.object({ err: z.unknown(), logs: z.array(z.string()).nullish() }),
});
const ownersSchema = z.object({
  value: z.array(
    z.object({ owner: addressSchema, data: z.tuple([z.string(), z.string()]) }).nullable(),
  ),
});
/** Offset of the amount in a token account, and its length. Source: SPL Token, `Account`. */
const AMOUNT_AT = 64;

const bytesOf = (transaction: string): Uint8Array => Buffer.from(transaction, 'base64');
const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The chain over several nodes: each a client of one endpoint, asked by itself. */
export function rpcSwapChain(nodes: readonly RpcClient[]): SwapChain {
  const [first] = nodes;
  if (first === undefined) throw new Fault('config.invalid', { issues: ['no RPC endpoint'] });

  /** Asks the nodes in turn until one answers. */
  const any: RpcClient['call'] = async (method, params, signal) => {
    let failure: unknown;
    for (const node of nodes) {
      try {
        return await node.call(method, params, signal);
      } catch (error) {
        failure = error;
        if (signal.aborted) break;
      }
    }
    throw failure;
  };

  return {
    async read(transaction, signal) {
      const bytes = bytesOf(transaction);
      return readTransaction(bytes, await readLookupTables(nodes, lookupTablesOf(bytes), signal));
    },

    async simulate(transaction, signal) {
      const config = { encoding: 'base64', commitment: 'confirmed', sigVerify: false };
      const parsed = simulationSchema.safeParse(
        await any('simulateTransaction', [transaction, config], signal),
      );
      if (!parsed.success) {
        throw new Fault('upstream.malformed', { upstream: 'rpc', reason: 'simulateTransaction' });
      }
      const { err, logs } = parsed.data.value;
      if (err === null || err === undefined) return undefined;
      const last = logs?.findLast((line) => /failed|error/i.test(line)) ?? '';
      return `${JSON.stringify(err)} ${last}`.trim().slice(0, 180);
    },

    assemble(transaction, signature) {
      const signed = withSignature(bytesOf(transaction), signature);
      return { transaction: base64Of(signed), signature: signatureText(signature) };
    },

    async send(transaction, signal) {
      // Simulated already; resending is ours to decide, not the node's.
      const config = { encoding: 'base64', skipPreflight: true, maxRetries: 0 };
      await Promise.allSettled(
        nodes.map(async (node) => node.call('sendTransaction', [transaction, config], signal)),
      );
    },

    async answer({ signature, lastValidBlockHeight }, { wallet, mint }, signal) {
      const views = await Promise.allSettled(
        nodes.map(async (node) => {
          // The height first: a status asked after it cannot be older than it.
          const height = z
            .number()
            .int()
            .parse(await node.call('getBlockHeight', [{ commitment: 'finalized' }], signal));
          const params = [[signature], { searchTransactionHistory: true }];
          const statuses = await node.call('getSignatureStatuses', params, signal);
          const [status] = statusSchema.parse(statuses).value;
          return { node, height, status };
        }),
      );
      const known = views.flatMap((view) => (view.status === 'fulfilled' ? [view.value] : []));
      const seen = known.filter(({ status }) => status !== null);
      if (seen.length > 0) {
        const config = {
          encoding: 'json',
          commitment: 'confirmed',
          maxSupportedTransactionVersion: 1,
        };
        // A node that says it has landed may be wrong or alone; the transaction itself is the proof.
        for (const { node } of seen) {
          try {
            const result = await node.call('getTransaction', [signature, config], signal);
            const answer = transactionAnswer(result, wallet, mint);
            if (answer !== undefined) return answer;
          } catch (error) {
            if (signal.aborted) throw error;
          }
        }
        return { kind: 'pending' };
      }
      const past = known.filter(
        ({ height }) => height > lastValidBlockHeight + EXPIRY_MARGIN_BLOCKS,
      );
      // Each node must say so: one that lags, or does not answer, may be the one that knows better.
      if (past.length < nodes.length || past.length < NODES_FOR_PROOF) return { kind: 'pending' };
      return {
        kind: 'expired',
        provenAtBlockHeight: Math.min(...past.map(({ height }) => height)),
      };
    },

    async holding(wallet, mint, signal) {
      const accounts = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].map((program) =>
        associatedTokenAccount(wallet, mint, program),
      );
      const config = { encoding: 'base64', commitment: 'confirmed' };
      const parsed = ownersSchema.safeParse(
        await any('getMultipleAccounts', [[mint, ...accounts], config], signal),
      );
      if (!parsed.success) {
        throw new Fault('upstream.malformed', { upstream: 'rpc', reason: 'getMultipleAccounts' });
      }
      const [mintAccount, ...held] = parsed.data.value;
      const index = mintAccount?.owner === TOKEN_2022_PROGRAM ? 1 : 0;
      const account = accounts[index];
      if (mintAccount === null || mintAccount === undefined || account === undefined) {
        throw new Fault('transaction.malformed', { reason: `there is no mint ${mint}` });
      }
      return { tokenProgram: mintAccount.owner, account, tokens: amountIn(held[index]?.data[0]) };
    },
  };
}

function amountIn(data: string | undefined): bigint {
  if (data === undefined) return 0n;
  const bytes = Buffer.from(data, 'base64');
  return bytes.length < AMOUNT_AT + 8 ? 0n : bytes.readBigUInt64LE(AMOUNT_AT);
}
