import { type Address, address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  METADATA_PROGRAM,
  RENT_SYSVAR,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { PUMP } from './pump-fun-accounts.ts';

/** Accounts that many openings share: what makers of transactions put into their lookup tables. */
export const LOOKUP_TABLE_ADDRESSES: readonly Address[] = [
  TOKEN_PROGRAM,
  TOKEN_2022_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  METADATA_PROGRAM,
  RENT_SYSVAR,
  WRAPPED_SOL,
  PUMP.global,
  PUMP.mintAuthority,
  PUMP.withdrawAuthority,
  PUMP.eventAuthority,
  PUMP.mayhemProgram,
  PUMP.mayhemParameters,
  PUMP.mayhemSolVault,
  PUMP.swapProgram,
  PUMP.swapGlobalConfig,
  PUMP.swapEventAuthority,
  address('5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1'),
  address('7YttLkHDoNj9wyDur5pM1ejNaAvT9X4eqaYcHQqtj2G5'),
  address('9DCxsMizn3H1hprZ7xWe6LDzeUeZBksYFpBWBtSf1PQX'),
  address('srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX'),
];
