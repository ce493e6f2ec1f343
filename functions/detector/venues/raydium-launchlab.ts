import type { OpeningForm, VenueDecoder } from './venue-decoder.ts';

/** The three ways to launch differ behind the accounts that are read here. */
const launch = (name: string, discriminator: string): OpeningForm => ({
  kind: 'opening',
  name,
  discriminator,
  // decimals, and the lengths of name, symbol and URI.
  leastDataBytes: 8 + 1 + 3 * 4,
  event: 'launch',
  accounts: { pool: 5, mintA: 6, mintB: 7, vaultA: 8, vaultB: 9, lpMint: null, creator: 1 },
  pair: 'first-is-base',
});

/**
 * Raydium LaunchLab (LetsBonk and others): tokens born on a bonding curve, and their migrations.
 * `creator` is an account beside the payer; the PoolCreateEvent repeats it.
 * Source: IDL raydium_launchlab of chainstacklabs/pumpfun-bonkfun-bot; npm
 * @raydium-io/raydium-sdk-v2 0.2.73-alpha src/raydium/launchpad/instrument.ts.
 */
export const raydiumLaunchlab: VenueDecoder = {
  venue: 'raydium-launchlab',
  forms: [
    launch('initialize', 'afaf6d1f0d989bed'),
    launch('initialize_v2', '4399af27da102620'),
    launch('initialize_with_token_2022', '25be7ede2c9aab11'),
    {
      kind: 'migration',
      name: 'migrate_to_amm',
      discriminator: 'cf52c091fecf91df',
      to: 'raydium-amm-v4',
      accounts: { pool: 13, mint: 1 },
    },
    {
      kind: 'migration',
      name: 'migrate_to_cpswap',
      discriminator: '885cc8671cda908c',
      to: 'raydium-cpmm',
      accounts: { pool: 5, mint: 1 },
    },
  ],
};
