import * as z from 'zod';

import { type Address, address } from './address.ts';

/** DEX programs whose pools Volley knows, by their id in configuration and tables. */
export const VENUE_PROGRAMS = {
  'pump-fun': address('6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P'),
  'pump-swap': address('pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA'),
  'raydium-amm-v4': address('675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8'),
  'raydium-cpmm': address('CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C'),
  'raydium-clmm': address('CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK'),
  'raydium-launchlab': address('LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj'),
  'meteora-dbc': address('dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN'),
  'meteora-damm-v1': address('Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB'),
  'meteora-damm-v2': address('cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG'),
  'meteora-dlmm': address('LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo'),
  'orca-whirlpool': address('whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc'),
} as const satisfies Record<string, Address>;

/** A DEX program that opens pools. */
export type Venue = keyof typeof VENUE_PROGRAMS;

export const VENUES = [
  'pump-fun',
  'pump-swap',
  'raydium-amm-v4',
  'raydium-cpmm',
  'raydium-clmm',
  'raydium-launchlab',
  'meteora-dbc',
  'meteora-damm-v1',
  'meteora-damm-v2',
  'meteora-dlmm',
  'orca-whirlpool',
] as const satisfies readonly Venue[];

export const venueSchema = z.enum(VENUES);

/** How a venue prices: what our own arithmetic of reserves may assume. */
export const VENUE_PRICING = {
  'pump-fun': 'curve',
  'pump-swap': 'constant-product',
  'raydium-amm-v4': 'constant-product',
  'raydium-cpmm': 'constant-product',
  'raydium-clmm': 'concentrated',
  'raydium-launchlab': 'curve',
  'meteora-dbc': 'curve',
  'meteora-damm-v1': 'constant-product',
  'meteora-damm-v2': 'concentrated',
  'meteora-dlmm': 'concentrated',
  'orca-whirlpool': 'concentrated',
} as const satisfies Record<Venue, 'curve' | 'constant-product' | 'concentrated'>;

export const WRAPPED_SOL = address('So11111111111111111111111111111111111111112');

/** Dollar tokens, each with six decimals. */
export const STABLE_MINTS: ReadonlySet<Address> = new Set([
  address('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'), // USDC
  address('Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB'), // USDT
  address('USD1ttGY1N17NEEHLmELoaybftRBUSErhqYiQzvEmuB'), // USD1
]);

/** Mints that a new token is paired with, and that are never "the new token" themselves. */
export const QUOTE_MINTS: ReadonlySet<Address> = new Set([WRAPPED_SOL, ...STABLE_MINTS]);

/** Token accounts of these owners are burnt, or locked for good: nobody can sell them. */
export const BURN_OWNERS: ReadonlySet<Address> = new Set([
  address('1nc1nerator11111111111111111111111111111111'),
  address('11111111111111111111111111111111'),
]);
/** Owners of vaults and lockers shared by all pools of a venue; never a person who could sell. */
export const CUSTODY_OWNERS: ReadonlySet<Address> = new Set([
  address('5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1'), // Raydium AMM v4 authority
  address('GpMZbSM2GgvTKHJirzeGfMFoaZ8UR2X7F4v8vHTvxFbL'), // Raydium CPMM authority
  address('WLHv2UAZm6z4KyaaELi5pjdbJh6RESMva1Rnn8pJVVh'), // Raydium LaunchLab authority
  address('FhVo3mqL8PW5pH5U2CN4XE33DokiyZnUwuGpH2hmHLuM'), // Meteora DBC authority
  address('HLnpSz9h2S4hiLQ43rnSD9XkcUThA7B8hQMKmDaiTLcC'), // Meteora DAMM v2 authority
  address('24Uqj9JCLxUeoC3hGfh5W3s9FM9uCHDS2SG3LYwBpyTi'), // Meteora dynamic vaults
  address('LockrWmn6K5twhz3y9w1dQERbmgSaRkfnTeTKbpofwE'), // Raydium liquidity lock
  address('BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s'), // Pump.fun Mayhem vault
]);
