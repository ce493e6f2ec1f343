import type { InstructionView } from '#shared/domain/transaction-view.ts';
import { JUPITER_PROGRAM } from '#shared/domain/solana-programs.ts';
import { ByteReader } from '#shared/domain/byte-reader.ts';
import { WHOLE_BPS } from '#shared/domain/units.ts';
import type { SwapIntent } from './swap-intent.ts';

/** Where a route has what we check. Source: IDL of Jupiter's aggregator v6. */
const LAYOUTS: Readonly<Record<string, RouteLayout>> = {
  // route_v2
  bb64facc31c4af14: {
    skippedBytes: 0,
    authority: 0,
    source: 1,
    destination: 2,
    sourceMint: 3,
    destinationMint: 4,
    // Optional: Jupiter's own address says "none".
    paidTo: 7,
    lastFixed: 9,
  },
  // shared_accounts_route_v2, whose data begins with the number of the shared account
  d19853937cfed8e9: {
    skippedBytes: 1,
    authority: 1,
    source: 2,
    destination: 5,
    sourceMint: 6,
    destinationMint: 7,
    paidTo: undefined,
    lastFixed: 11,
  },
};

type RouteLayout = {
  readonly skippedBytes: number;
  readonly authority: number;
  readonly source: number;
  readonly destination: number;
  readonly sourceMint: number;
  readonly destinationMint: number;
  readonly paidTo: number | undefined;
  /** Index of the last account that every such route has. */
  readonly lastFixed: number;
};

/** After the amounts and rates comes the plan of the route, which does not change what we get. */
const ARGUMENT_BYTES = 22;

/** Whether a Jupiter instruction is a route at all, of a kind that is known here. */
export const isRoute = ({ data }: InstructionView): boolean => layoutOf(data) !== undefined;

const layoutOf = (data: Uint8Array): RouteLayout | undefined =>
  LAYOUTS[Buffer.from(data.subarray(0, 8)).toString('hex')];

/** What is wrong with a route of Jupiter's aggregator, in words; undefined when nothing is. */
export function inspectRoute(
  { accounts, data }: InstructionView,
  intent: SwapIntent,
): string | undefined {
  const layout = layoutOf(data);
  if (layout === undefined) return 'a Jupiter instruction that is not known';
  if (data.length < 8 + layout.skippedBytes + ARGUMENT_BYTES) return 'a route that is cut short';
  if (accounts.length <= layout.lastFixed) return 'a route that lacks accounts';
  const at = (index: number) => accounts[index];

  if (at(layout.authority) !== intent.wallet) return `${at(layout.authority)} gives the input`;
  if (at(layout.sourceMint) !== intent.inputMint) return `it sells ${at(layout.sourceMint)}`;
  if (at(layout.destinationMint) !== intent.outputMint) {
    return `it buys ${at(layout.destinationMint)}`;
  }
  if (!intent.inputAccounts.some((own) => own === at(layout.source))) {
    return `it takes from ${at(layout.source)}`;
  }
  const isOurs = (index: number) => intent.outputAccounts.some((own) => own === at(index));
  if (!isOurs(layout.destination)) return `it pays into ${at(layout.destination)}`;
  const { paidTo } = layout;
  if (paidTo !== undefined && at(paidTo) !== JUPITER_PROGRAM && !isOurs(paidTo)) {
    return `it pays into ${at(paidTo)}`;
  }
  return inspectTerms(new ByteReader(data, 8 + layout.skippedBytes), intent);
}

function inspectTerms(reader: ByteReader, intent: SwapIntent): string | undefined {
  const inAmount = reader.u64();
  const quotedOut = reader.u64();
  const slippageBps = reader.u16();
  const feeBps = reader.u16();
  if (inAmount !== intent.inAmount) return `it spends ${inAmount}, not ${intent.inAmount}`;
  if (slippageBps > WHOLE_BPS) return `slippage ${slippageBps} bps`;
  // The program rounds what it guarantees up; so does the quote's threshold.
  const whole = BigInt(WHOLE_BPS);
  const guaranteed = (quotedOut * (whole - BigInt(slippageBps)) + whole - 1n) / whole;
  if (guaranteed < intent.minOutAmount) {
    return `it guarantees ${guaranteed}, not ${intent.minOutAmount}`;
  }
  if (feeBps > intent.maxFeeBps) return `router fee ${feeBps} bps, at most ${intent.maxFeeBps}`;
  return undefined;
}
