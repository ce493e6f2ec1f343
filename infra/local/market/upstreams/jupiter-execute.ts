import * as z from 'zod';

import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { LandedTransaction } from '../chain/landed-transaction.ts';
import { type WireTransaction, decodeMessage, decodeTransaction } from '../chain/message.ts';
import { describeTransactionError } from '../chain/transaction-error.ts';
import { type Reply, json } from '../http/reply.ts';
import type { Order, OrderDesk } from './order-desk.ts';
import { type Swap, settleTrading } from './swap-transaction.ts';
import type { UpstreamContext } from './upstream-context.ts';

const bodySchema = z.object({ signedTransaction: z.string(), requestId: z.string() });

/** How often an execution goes wrong when faults are real: assumed, from 3-5 % and 1-2 % and 0.5 %. */
const NOT_LANDED = 0.04;
const SLIPPED = 0.015;
const ANSWER_LOST = 0.005;

/** `POST /swap/v2/execute`: adds the maker's signature and sends. The same order again: the same answer. */
export function execute(context: UpstreamContext, desk: OrderDesk, body: string): Reply {
  const parsed = parseBody(body);
  if (parsed === undefined) return json({ error: 'Invalid request body' }, 400);
  const order = desk.find(parsed.requestId);
  if (order === undefined)
    return json({ code: -1, error: 'Order not found, it might have expired' });
  if (order.answer !== undefined) return json(order.answer);
  const wire = parseTransaction(parsed.signedTransaction);
  if (wire === undefined) return refused(-2, 'Invalid signed transaction');
  if (!Buffer.from(wire.messageBytes).equals(order.messageBytes)) {
    return refused(-3, 'Invalid message bytes');
  }
  if (context.faults.isReal) {
    const { random } = context;
    // The order stays: asking again may land it.
    if (random.chance(NOT_LANDED)) return refused(-1_000, 'Failed to land');
    if (random.chance(SLIPPED)) return refused(-2_004, 'Swap rejected');
  }
  const answer = settle(context, order, wire);
  if ('signature' in answer) order.answer = answer;
  if (context.faults.isReal && context.random.chance(ANSWER_LOST)) {
    return { status: 504, body: '{"error":"Gateway Timeout"}' };
  }
  return json(answer);
}

function parseBody(body: string) {
  try {
    const parsed = bodySchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function parseTransaction(text: string): WireTransaction | undefined {
  try {
    return decodeTransaction(Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}

const refusal = (code: number, error: string) => ({ status: 'Failed', code, error });
const refused = (code: number, error: string): Reply => json(refusal(code, error));

/** Signs for the pool, runs it on the chain and says what became of it. */
function settle({ chain }: UpstreamContext, { swap }: Order, wire: WireTransaction) {
  const { staticKeys } = decodeMessage(wire.messageBytes);
  const { authority } = swap.token.place;
  const signatures = wire.signatures.map((signature, index) =>
    staticKeys[index] === authority ? chain.custody.sign(authority, wire.messageBytes) : signature,
  );
  const submission = chain.submit({ signatures, messageBytes: wire.messageBytes });
  if (submission.kind === 'refused') {
    const { error } = submission;
    if (error === 'SignatureFailure') return refusal(-1_003, 'Transaction not fully signed');
    if (error === 'BlockhashNotFound') return refusal(-1_004, 'Invalid block height');
    return refusal(-1_002, describeTransactionError(error));
  }
  settleTrading(chain, swap.token);
  return outcome(swap, submission.transaction);
}

function outcome(swap: Swap, landed: LandedTransaction) {
  const { amountIn, token, side } = swap;
  const { signature, slot, err } = landed;
  const where = { signature, slot: String(slot) };
  if (err !== null) {
    return {
      status: 'Failed',
      ...where,
      code: customCode(err),
      error: describeTransactionError(err),
    };
  }
  const received = side === 'buy' ? receivedTokens(swap, landed) : swap.amountOut;
  const input = amountIn.toString();
  const output = received.toString();
  const { mint } = token.recipe;
  const [inputMint, outputMint] = side === 'buy' ? [WRAPPED_SOL, mint] : [mint, WRAPPED_SOL];
  return {
    status: 'Success',
    ...where,
    code: 0,
    totalInputAmount: input,
    totalOutputAmount: output,
    inputAmountResult: input,
    outputAmountResult: output,
    swapEvents: [{ inputMint, inputAmount: input, outputMint, outputAmount: output }],
  };
}

/** What reached the taker: less than was sent when the token taxes transfers. */
function receivedTokens({ token, taker }: Swap, landed: LandedTransaction): bigint {
  const held = (balances: LandedTransaction['preTokenBalances']) =>
    balances.find(({ mint, owner }) => mint === token.recipe.mint && owner === taker)?.amount ?? 0n;
  return held(landed.postTokenBalances) - held(landed.preTokenBalances);
}

/** The program's own number where it gave one; -1001 is "unknown". */
function customCode(error: NonNullable<LandedTransaction['err']>): number {
  const detail = typeof error === 'string' ? undefined : error['InstructionError'];
  const inner: unknown = Array.isArray(detail) ? detail[1] : undefined;
  if (typeof inner !== 'object' || inner === null || !('Custom' in inner)) return -1_001;
  return typeof inner.Custom === 'number' ? inner.Custom : -1_001;
}
