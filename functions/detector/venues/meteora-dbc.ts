import type { OpeningForm, VenueDecoder } from './venue-decoder.ts';

/** The three ways to launch differ behind the accounts that are read here. */
const launch = (name: string, discriminator: string): OpeningForm => ({
  kind: 'opening',
  name,
  discriminator,
  // The lengths of name, symbol and URI.
  leastDataBytes: 8 + 3 * 4,
  event: 'launch',
  accounts: { pool: 5, mintA: 3, mintB: 4, vaultA: 6, vaultB: 7, lpMint: null, creator: 2 },
  pair: 'first-is-base',
});

/**
 * Meteora dynamic bonding curve: tokens born on a curve, and their migrations to the two DAMMs.
 * `creator` signs, beside the payer; the event repeats it.
 * Source: IDL 0.2.1 in npm @meteora-ag/dynamic-bonding-curve-sdk 1.5.12.
 */
export const meteoraDbc: VenueDecoder = {
  venue: 'meteora-dbc',
  forms: [
    launch('initialize_virtual_pool_with_spl_token', '8c55d7b06636684f'),
    launch('initialize_virtual_pool_with_token2022', 'a976334e916edc9b'),
    launch('initialize_virtual_pool_with_token2022_transfer_hook', 'b60de9b12a918702'),
    {
      kind: 'migration',
      name: 'migrate_meteora_damm',
      discriminator: '1b013016b43f76d9',
      to: 'meteora-damm-v1',
      accounts: { pool: 4, mint: 7 },
    },
    {
      kind: 'migration',
      name: 'migration_damm_v2',
      discriminator: '9ca9e66735e45040',
      to: 'meteora-damm-v2',
      accounts: { pool: 4, mint: 13 },
    },
  ],
};
