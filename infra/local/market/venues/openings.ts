import {
  meteoraDammV1Customizable,
  meteoraDammV1WithConfig,
  meteoraDammV1WithConfig2,
} from './meteora-damm-v1.ts';
import {
  meteoraDammV2Customizable,
  meteoraDammV2DynamicConfig,
  meteoraDammV2Initialize,
} from './meteora-damm-v2.ts';
import { meteoraDbcSpl, meteoraDbcToken2022 } from './meteora-dbc.ts';
import {
  meteoraDlmmCustomizable,
  meteoraDlmmCustomizable2,
  meteoraDlmmInitialize,
  meteoraDlmmInitialize2,
} from './meteora-dlmm.ts';
import {
  orcaInitializePool,
  orcaInitializePoolAdaptive,
  orcaInitializePoolV2,
} from './orca-whirlpool.ts';
import { pumpFunCreate, pumpFunCreateV2 } from './pump-fun-create.ts';
import { pumpFunMigrate } from './pump-fun-migrate.ts';
import { pumpSwapCreatePool } from './pump-swap.ts';
import { raydiumAmmV4Initialize } from './raydium-amm-v4.ts';
import { raydiumClmmCreateCustomizablePool, raydiumClmmCreatePool } from './raydium-clmm.ts';
import { raydiumCpmmInitialize, raydiumCpmmInitializeWithPermission } from './raydium-cpmm.ts';
import {
  raydiumLaunchlabInitialize,
  raydiumLaunchlabInitializeToken2022,
  raydiumLaunchlabInitializeV2,
} from './raydium-launchlab.ts';
import type { VenueOpening } from './venue-opening.ts';

/**
 * Every way in which the market opens pools, and its weight by default. Real launches outnumber
 * pools by far more; here every venue shows up in a demo of a hundred tokens.
 */
export const OPENINGS: readonly (readonly [VenueOpening, number])[] = [
  [pumpFunCreateV2, 26],
  [pumpFunCreate, 6],
  [pumpFunMigrate, 14],
  [pumpSwapCreatePool, 4],
  [raydiumAmmV4Initialize, 8],
  [raydiumCpmmInitialize, 6],
  [raydiumCpmmInitializeWithPermission, 3],
  [raydiumClmmCreatePool, 2],
  [raydiumClmmCreateCustomizablePool, 1],
  [raydiumLaunchlabInitialize, 1],
  [raydiumLaunchlabInitializeV2, 4],
  [raydiumLaunchlabInitializeToken2022, 2],
  [meteoraDbcSpl, 3],
  [meteoraDbcToken2022, 3],
  [meteoraDammV1WithConfig, 1],
  [meteoraDammV1WithConfig2, 1],
  [meteoraDammV1Customizable, 1],
  [meteoraDammV2Initialize, 3],
  [meteoraDammV2Customizable, 2],
  [meteoraDammV2DynamicConfig, 1],
  [meteoraDlmmInitialize, 1],
  [meteoraDlmmInitialize2, 2],
  [meteoraDlmmCustomizable, 1],
  [meteoraDlmmCustomizable2, 2],
  [orcaInitializePool, 1],
  [orcaInitializePoolV2, 1],
  [orcaInitializePoolAdaptive, 1],
];

/**
 * The openings with weights of the user's choice, by opening or by venue.
 * @throws {RangeError} for a name that is neither.
 */
export function weighOpenings(
  weights: Readonly<Record<string, number>> | undefined,
): readonly (readonly [VenueOpening, number])[] {
  if (weights === undefined) return OPENINGS;
  for (const name of Object.keys(weights)) {
    if (!OPENINGS.some(([{ id, venue }]) => id === name || venue === name)) {
      const known = OPENINGS.map(([{ id }]) => id).join(', ');
      throw new RangeError(`no opening or venue "${name}"; there are ${known}`);
    }
  }
  return OPENINGS.flatMap(([opening, weight]) => {
    const own = weights[opening.id];
    const share = own ?? (weights[opening.venue] ?? 0) * weight;
    return share > 0 ? [[opening, share] as const] : [];
  });
}
