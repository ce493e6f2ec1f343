import { type Address, isAddress } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { decodeMessage, encodeTransaction } from '../chain/message.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import { tokenAmount } from '../chain/token-layout.ts';
import { type Reply, json } from '../http/reply.ts';
import { base64 } from '../rpc/account-json.ts';
import type { OrderDesk } from './order-desk.ts';
import { SOL_USD, poolState, solOf } from './pool-state.ts';
import { routeMessage } from './route-transaction.ts';
import { PLATFORM_FEE_BPS, lessBps, swapOut } from './swap-math.ts';
import { PRIORITY_LAMPORTS, type Swap, prepareTrading, swapMessage } from './swap-transaction.ts';
import type { UpstreamContext } from './upstream-context.ts';

const DEFAULT_SLIPPAGE_BPS = 50;
/** Rent of the two token accounts and fees, which a taker needs beside what he pays. */
const SPARE_LAMPORTS = 6_000_000n;
const NO_QUOTE: Reply = json({ error: 'Failed to get quotes' }, 400);

type Quote = Omit<Swap, 'taker'> & { readonly routeOut: bigint; readonly slippageBps: number };

/** `GET /swap/v2/order`: a quote, and with a taker a transaction that the maker signs at `/execute`. */
export function order(context: UpstreamContext, desk: OrderDesk, query: URLSearchParams): Reply {
  const startedMs = performance.now();
  const quote = quoteOf(context, query);
  if (quote === undefined) return NO_QUOTE;
  const taker = query.get('taker');
  if (taker !== null && !isAddress(taker)) return json({ error: 'Invalid taker' }, 400);
  const requestId = desk.newId();
  const shown = quoteJson(context, quote, requestId);
  const totalTime = Math.round(performance.now() - startedMs);
  if (taker === null) return json({ ...shown, transaction: null, taker: null, totalTime });
  const excluded = (query.get('excludeRouters') ?? '').split(',');
  const build = excluded.includes('jupiterz') ? routeJson : takerJson;
  return json({ ...shown, ...build(context, desk, quote, taker, requestId), taker, totalTime });
}

function quoteOf(context: UpstreamContext, query: URLSearchParams): Quote | undefined {
  const inputMint = query.get('inputMint') ?? '';
  const outputMint = query.get('outputMint') ?? '';
  const amount = query.get('amount') ?? '';
  if (!/^[1-9]\d{0,19}$/.test(amount)) return undefined;
  const side = inputMint === WRAPPED_SOL ? 'buy' : 'sell';
  const mint = side === 'buy' ? outputMint : inputMint;
  if (side === 'sell' && outputMint !== WRAPPED_SOL) return undefined;
  const token = isAddress(mint) ? context.book.get(mint) : undefined;
  if (token?.opened === undefined) return undefined;
  const { priceBase, priceLamports, base, lamports } = poolState(context.chain, token);
  const amountIn = BigInt(amount);
  const routeOut =
    side === 'buy'
      ? swapOut(amountIn, priceLamports, priceBase)
      : swapOut(amountIn, priceBase, priceLamports);
  if (routeOut === 0n || routeOut > (side === 'buy' ? base : lamports)) return undefined;
  const slippageBps = Number(query.get('slippageBps') ?? DEFAULT_SLIPPAGE_BPS);
  const amountOut = lessBps(routeOut, PLATFORM_FEE_BPS);
  return { token, side, amountIn, amountOut, routeOut, slippageBps };
}

const solUsd = (lamports: bigint): number => solOf(lamports) * SOL_USD;

/** Fields of a quote, as recorded answers of the same shape have them. */
function quoteJson(context: UpstreamContext, quote: Quote, requestId: string) {
  const { token, side, amountIn, amountOut, routeOut, slippageBps } = quote;
  const { recipe, place } = token;
  const [inputMint, outputMint] =
    side === 'buy' ? [WRAPPED_SOL, recipe.mint] : [recipe.mint, WRAPPED_SOL];
  const { priceSol } = poolState(context.chain, token);
  const tokenUsd = (amount: bigint) =>
    (Number(amount) / 10 ** recipe.decimals) * priceSol * SOL_USD;
  const inUsdValue = side === 'buy' ? solUsd(amountIn) : tokenUsd(amountIn);
  const outUsdValue = side === 'buy' ? tokenUsd(amountOut) : solUsd(amountOut);
  const impact = inUsdValue === 0 ? 0 : outUsdValue / inUsdValue - 1;
  return {
    mode: 'ultra',
    swapType: 'aggregator',
    router: 'metis',
    requestId,
    inputMint,
    outputMint,
    inAmount: amountIn.toString(),
    outAmount: amountOut.toString(),
    otherAmountThreshold: lessBps(amountOut, slippageBps).toString(),
    swapMode: 'ExactIn',
    slippageBps,
    // A ratio as text, deprecated, and percentage points: both negative when the trade loses value.
    priceImpactPct: String(impact),
    priceImpact: impact * 100,
    routePlan: [
      {
        percent: 100,
        bps: 10_000,
        usdValue: inUsdValue,
        swapInfo: {
          ammKey: place.pool,
          label: recipe.opening.labels.jupiter,
          inputMint,
          outputMint,
          inAmount: amountIn.toString(),
          outAmount: routeOut.toString(),
        },
      },
    ],
    feeMint: WRAPPED_SOL,
    feeBps: PLATFORM_FEE_BPS,
    platformFee: { feeBps: PLATFORM_FEE_BPS, feeMint: WRAPPED_SOL },
    signatureFeeLamports: 0,
    signatureFeePayer: null,
    prioritizationFeeLamports: 0,
    prioritizationFeePayer: null,
    rentFeeLamports: 0,
    rentFeePayer: null,
    gasless: false,
    jitOptimized: false,
    guaranteedPrice: false,
    inUsdValue,
    outUsdValue,
    swapUsdValue: inUsdValue,
  };
}

/** What is added for a taker: a maker's offer at fixed amounts, as of router `jupiterz`. */
function takerJson(
  context: UpstreamContext,
  desk: OrderDesk,
  quote: Quote,
  taker: Address,
  requestId: string,
) {
  const { chain } = context;
  const error = shortage(context, quote, taker);
  if (error !== undefined) {
    const [errorCode, errorMessage] = error;
    return { transaction: '', errorCode, errorMessage, error: errorMessage };
  }
  prepareTrading(chain, quote.token);
  const swap: Swap = { ...quote, taker };
  const messageBytes = swapMessage(chain, swap);
  const expireAt = desk.add(requestId, { swap, messageBytes });
  const { numRequiredSignatures } = decodeMessage(messageBytes).header;
  const signatures = Array.from({ length: numRequiredSignatures }, () => new Uint8Array(64));
  return {
    swapType: 'rfq',
    router: 'jupiterz',
    maker: quote.token.place.authority,
    quoteId: desk.newId(),
    expireAt: String(expireAt),
    transaction: base64(encodeTransaction({ signatures, messageBytes })),
    lastValidBlockHeight: String(chain.clock.lastValidBlockHeight(chain.clock.slot())),
    signatureFeeLamports: 5_000 * numRequiredSignatures,
    signatureFeePayer: taker,
    prioritizationFeeLamports: Number(PRIORITY_LAMPORTS),
    prioritizationFeePayer: taker,
    rentFeeLamports: 2_039_280,
    rentFeePayer: taker,
  };
}

/** What is added for a taker who wants no market maker: a route through the pool, his alone to sign. */
function routeJson(
  context: UpstreamContext,
  desk: OrderDesk,
  quote: Quote,
  taker: Address,
  requestId: string,
) {
  const { chain } = context;
  const error = shortage(context, quote, taker);
  if (error !== undefined) {
    const [errorCode, errorMessage] = error;
    return { transaction: '', errorCode, errorMessage, error: errorMessage };
  }
  prepareTrading(chain, quote.token);
  const swap = { ...quote, taker };
  const messageBytes = routeMessage(chain, swap);
  desk.add(requestId, { swap, messageBytes });
  const { mint, tokenProgram } = quote.token.recipe;
  const opens =
    quote.side === 'buy' &&
    chain.vm.account(associatedTokenAddress(taker, mint, tokenProgram)) === undefined;
  return {
    transaction: base64(encodeTransaction({ signatures: [new Uint8Array(64)], messageBytes })),
    lastValidBlockHeight: String(chain.clock.lastValidBlockHeight(chain.clock.slot())),
    signatureFeeLamports: 5_000,
    signatureFeePayer: taker,
    prioritizationFeeLamports: Number(PRIORITY_LAMPORTS),
    prioritizationFeePayer: taker,
    rentFeeLamports: opens ? 2_039_280 : 0,
    rentFeePayer: opens ? taker : null,
  };
}

/** Why the taker cannot pay, by the aggregator's codes 1 and 2. */
function shortage(
  { chain }: UpstreamContext,
  { side, token, amountIn }: Quote,
  taker: Address,
): readonly [number, string] | undefined {
  const lamports = chain.vm.account(taker)?.lamports ?? 0n;
  if (side === 'buy') {
    return lamports < amountIn + SPARE_LAMPORTS ? [1, 'Insufficient funds'] : undefined;
  }
  const { mint, tokenProgram } = token.recipe;
  const data = chain.vm.account(associatedTokenAddress(taker, mint, tokenProgram))?.data;
  const held = data === undefined || data.length === 0 ? 0n : tokenAmount(data);
  if (held < amountIn) return [1, 'Insufficient funds'];
  return lamports < SPARE_LAMPORTS ? [2, 'Top up at least 0.006 SOL for gas'] : undefined;
}
