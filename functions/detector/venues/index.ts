import { meteoraDammV1 } from './meteora-damm-v1.ts';
import { meteoraDammV2 } from './meteora-damm-v2.ts';
import { meteoraDbc } from './meteora-dbc.ts';
import { meteoraDlmm } from './meteora-dlmm.ts';
import { orcaWhirlpool } from './orca-whirlpool.ts';
import { pumpFun } from './pump-fun.ts';
import { pumpSwap } from './pump-swap.ts';
import { raydiumAmmV4 } from './raydium-amm-v4.ts';
import { raydiumClmm } from './raydium-clmm.ts';
import { raydiumCpmm } from './raydium-cpmm.ts';
import { raydiumLaunchlab } from './raydium-launchlab.ts';
import type { VenueDecoder } from './venue-decoder.ts';

/** Every venue whose pools Volley sees open. */
export const VENUE_DECODERS: readonly VenueDecoder[] = [
  pumpFun,
  pumpSwap,
  raydiumAmmV4,
  raydiumCpmm,
  raydiumClmm,
  raydiumLaunchlab,
  meteoraDbc,
  meteoraDammV1,
  meteoraDammV2,
  meteoraDlmm,
  orcaWhirlpool,
];
