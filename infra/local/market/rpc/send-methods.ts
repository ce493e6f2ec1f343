import bs58 from 'bs58';
import { FailedTransactionMetadata, type SimulatedTransactionInfo } from 'litesvm/dist/internal.js';
import * as z from 'zod';

import { type Address, addressOfBytes, isAddress } from '#shared/domain/address.ts';
import { innerInstructionsOf } from '../chain/chain.ts';
import { keysOf } from '../chain/landed-transaction.ts';
import {
  type Message,
  type WireTransaction,
  decodeMessage,
  decodeTransaction,
  encodeMessage,
} from '../chain/message.ts';
import {
  type TransactionError,
  describeTransactionError,
  transactionErrorOf,
} from '../chain/transaction-error.ts';
import { accountJson, base64 } from './account-json.ts';
import { type RpcContext, type RpcMethod, decimalsIn, inContext } from './rpc-context.ts';
import { RpcError, invalidParams } from './rpc-error.ts';
import { type RpcParams, commitmentConfig, configParam } from './rpc-params.ts';
import { innerJson } from './transaction-json.ts';

/** Bytes of a transaction in one UDP packet. */
const MAX_TRANSACTION_BYTES = 1_232;

const wireConfig = commitmentConfig.extend({ encoding: z.enum(['base58', 'base64']).optional() });
const sendConfig = wireConfig.extend({
  skipPreflight: z.boolean().optional(),
  preflightCommitment: z.string().optional(),
  maxRetries: z.number().int().optional(),
});
const simulateConfig = wireConfig.extend({
  sigVerify: z.boolean().optional(),
  replaceRecentBlockhash: z.boolean().optional(),
  innerInstructions: z.boolean().optional(),
  accounts: z
    .object({
      addresses: z.array(z.string()),
      encoding: z.enum(['base64', 'jsonParsed']).optional(),
    })
    .nullish(),
});

type Sent = { readonly wire: WireTransaction; readonly message: Message };

function wireParam(params: RpcParams, encoding: 'base58' | 'base64'): Sent {
  const text = params[0];
  if (typeof text !== 'string') throw invalidParams('Invalid params: expected a string.');
  const bytes = encoding === 'base64' ? Buffer.from(text, 'base64') : bs58.decodeUnsafe(text);
  if (bytes === undefined) throw invalidParams('invalid base58 encoding: InvalidCharacter');
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    const sizes = `${bytes.length} bytes (max: encoded/raw 1644/${MAX_TRANSACTION_BYTES})`;
    throw invalidParams(
      `decoded solana_transaction::versioned::VersionedTransaction too large: ${sizes}`,
    );
  }
  try {
    const wire = decodeTransaction(bytes);
    return { wire, message: decodeMessage(wire.messageBytes) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidParams(
      `failed to deserialize solana_transaction::versioned::VersionedTransaction: ${reason}`,
    );
  }
}

const sendTransaction: RpcMethod = (context, params) => {
  const config = configParam(params, 1, sendConfig);
  const { wire } = wireParam(params, config.encoding ?? 'base58');
  const { chain } = context;
  if (!chain.isFullySigned(wire)) {
    throw new RpcError(-32_003, 'Transaction signature verification failure');
  }
  if (config.skipPreflight !== true) preflight(context, wire);
  // Accepted is not landed: what a block would not take gets its signature back all the same.
  const submission = chain.submit(wire);
  return submission.kind === 'landed' ? submission.transaction.signature : submission.signature;
};

/** @throws {RpcError} -32002 when the transaction would not get into a block, or would fail there. */
function preflight({ chain }: RpcContext, wire: WireTransaction): void {
  const refused = chain.refusal(wire);
  const result = refused === undefined ? chain.simulate(wire) : undefined;
  const failed = result instanceof FailedTransactionMetadata ? result : undefined;
  const err = refused ?? (failed === undefined ? undefined : transactionErrorOf(failed));
  if (err === undefined) return;
  throw new RpcError(-32_002, `Transaction simulation failed: ${describeTransactionError(err)}`, {
    accounts: null,
    err,
    innerInstructions: null,
    logs: failed?.meta().logs() ?? [],
    replacementBlockhash: null,
    returnData: null,
    unitsConsumed: Number(failed?.meta().computeUnitsConsumed() ?? 0n),
  });
}

const simulateTransaction: RpcMethod = (context, params) => {
  const config = configParam(params, 1, simulateConfig);
  const sent = wireParam(params, config.encoding ?? 'base58');
  const { chain } = context;
  if (config.sigVerify === true && config.replaceRecentBlockhash === true) {
    throw invalidParams('sigVerify may not be used with replaceRecentBlockhash');
  }
  if (config.sigVerify === true && !chain.isFullySigned(sent.wire)) {
    throw new RpcError(-32_003, 'Transaction signature verification failure');
  }
  const replacement = config.replaceRecentBlockhash === true ? replacementFor(context) : undefined;
  const { recentBlockhash } = sent.message;
  if (replacement === undefined && !chain.clock.isBlockhashValid(recentBlockhash)) {
    return inContext(context, config, simulated({ err: 'BlockhashNotFound' }));
  }
  const messageBytes =
    replacement === undefined
      ? sent.wire.messageBytes
      : encodeMessage({ ...sent.message, recentBlockhash: replacement.blockhash });
  const result = chain.simulate({ signatures: sent.wire.signatures, messageBytes });
  return inContext(context, config, {
    ...outcomeJson(context, sent.message, result, config),
    ...(replacement === undefined ? {} : { replacementBlockhash: replacement }),
  });
};

function replacementFor({ chain: { clock } }: RpcContext) {
  const slot = clock.slot();
  return {
    blockhash: clock.blockhash(slot),
    lastValidBlockHeight: clock.lastValidBlockHeight(slot),
  };
}

/** The value of a simulation with what is known of it. */
const simulated = (known: { readonly err: TransactionError | null }) => ({
  accounts: null,
  innerInstructions: null,
  logs: [],
  returnData: null,
  unitsConsumed: 0,
  ...known,
});

function outcomeJson(
  context: RpcContext,
  message: Message,
  result: FailedTransactionMetadata | SimulatedTransactionInfo,
  config: z.infer<typeof simulateConfig>,
) {
  const meta = result.meta();
  const failed = result instanceof FailedTransactionMetadata;
  const keys = keysOf({ message, loaded: context.chain.loadedKeys(message) });
  const returned = meta.returnData();
  const hasReturned = returned.data().length > 0;
  return {
    ...simulated({ err: failed ? transactionErrorOf(result) : null }),
    accounts: failed ? null : requestedAccounts(context, result, config.accounts),
    innerInstructions:
      config.innerInstructions === true
        ? innerJson(innerInstructionsOf(meta), keys, 'jsonParsed')
        : null,
    logs: meta.logs(),
    returnData: hasReturned
      ? { data: [base64(returned.data()), 'base64'], programId: bs58.encode(returned.programId()) }
      : null,
    unitsConsumed: Number(meta.computeUnitsConsumed()),
  };
}

/** The accounts that the caller wanted to see, as the run would leave them. */
function requestedAccounts(
  context: RpcContext,
  result: SimulatedTransactionInfo,
  request: z.infer<typeof simulateConfig>['accounts'],
) {
  if (request === null || request === undefined) return null;
  const after = new Map<Address, ReturnType<typeof accountJson>>();
  for (const changed of result.postAccounts()) {
    const account = changed.account();
    const shown = {
      lamports: account.lamports(),
      owner: addressOfBytes(account.owner()),
      data: account.data(),
      executable: account.executable(),
    };
    const encoding = request.encoding ?? 'base64';
    after.set(addressOfBytes(changed.address), accountJson(shown, encoding, decimalsIn(context)));
  }
  return request.addresses.map((key) => {
    if (!isAddress(key)) throw invalidParams('Invalid param: Invalid');
    const untouched = context.chain.vm.account(key);
    const encoding = request.encoding ?? 'base64';
    if (after.has(key)) return after.get(key) ?? null;
    return untouched === undefined ? null : accountJson(untouched, encoding, decimalsIn(context));
  });
}

/** Methods that run transactions. */
export const sendMethods = { sendTransaction, simulateTransaction } satisfies Record<
  string,
  RpcMethod
>;
