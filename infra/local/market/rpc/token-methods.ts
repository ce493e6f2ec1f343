import * as z from 'zod';

import type { Address } from '#shared/domain/address.ts';
import { QUOTE_MINTS } from '#shared/domain/venue.ts';
import {
  type Mint,
  isMintData,
  isTokenAccountData,
  isTokenProgram,
  readMint,
  readTokenAccount,
  tokenAmount,
} from '../chain/token-layout.ts';
import { accountJson } from './account-json.ts';
import { type RpcContext, type RpcMethod, decimalsIn, inContext } from './rpc-context.ts';
import { RpcError, invalidParams } from './rpc-error.ts';
import { accountConfig, addressParam, commitmentConfig, configParam } from './rpc-params.ts';
import { uiAmount } from './ui-amount.ts';

/** Accounts that `getTokenLargestAccounts` names at most. */
const LARGEST_ACCOUNTS = 20;

function mintAt({ chain }: RpcContext, key: Address): Mint | undefined {
  const account = chain.vm.account(key);
  if (account === undefined || !isTokenProgram(account.owner)) return undefined;
  return isMintData(account.data) ? readMint(account.data) : undefined;
}

const getTokenSupply: RpcMethod = (context, params) => {
  const config = configParam(params, 1, commitmentConfig);
  const mint = mintAt(context, addressParam(params, 0));
  if (mint === undefined) throw invalidParams('Invalid param: not a Token mint');
  return inContext(context, config, uiAmount(mint.supply, mint.decimals));
};

const getTokenAccountBalance: RpcMethod = (context, params) => {
  const config = configParam(params, 1, commitmentConfig);
  const account = context.chain.vm.account(addressParam(params, 0));
  if (account === undefined) throw invalidParams('Invalid param: could not find account');
  if (!isTokenProgram(account.owner) || !isTokenAccountData(account.data)) {
    throw invalidParams('Invalid param: not a Token account');
  }
  const { mint, amount } = readTokenAccount(account.data);
  return inContext(context, config, uiAmount(amount, decimalsIn(context)(mint)));
};

const getTokenLargestAccounts: RpcMethod = (context, params) => {
  const config = configParam(params, 1, commitmentConfig);
  const key = addressParam(params, 0);
  const { chain } = context;
  if (QUOTE_MINTS.has(key)) {
    // As Helius answers for mints with millions of accounts.
    const message =
      'Too many accounts requested (5000000 pubkeys), try adding filters to narrow down results';
    throw new RpcError(-32_600, message);
  }
  const account = chain.vm.account(key);
  // The index lags: a mint that is not indexed, or not final where finality is asked for, is unknown.
  const isFinal = (config.commitment ?? 'finalized') !== 'finalized' || isOldEnough(context, key);
  if (account === undefined || !context.isIndexed(key) || !isFinal) {
    throw invalidParams('Invalid param: could not find mint');
  }
  if (!isTokenProgram(account.owner) || !isMintData(account.data)) {
    throw invalidParams('Invalid param: not a Token mint');
  }
  const { decimals } = readMint(account.data);
  const holders: { address: Address; amount: bigint }[] = [];
  for (const holder of chain.tokenAccounts.ofMint(key)) {
    const data = chain.vm.account(holder)?.data;
    const amount = data === undefined || data.length === 0 ? 0n : tokenAmount(data);
    if (amount > 0n) holders.push({ address: holder, amount });
  }
  holders.sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
  const largest = holders.slice(0, LARGEST_ACCOUNTS);
  return inContext(
    context,
    config,
    largest.map(({ address, amount }) => Object.assign({ address }, uiAmount(amount, decimals))),
  );
};

/** True when the oldest transaction that names the mint is final; set-up leaves none. */
function isOldEnough({ chain }: RpcContext, mint: Address): boolean {
  const maxSlot = Number.MAX_SAFE_INTEGER;
  const all = chain.history.ofAddress(mint, { limit: Number.MAX_SAFE_INTEGER, maxSlot });
  const first = all.at(-1);
  return first === undefined || first.slot <= chain.clock.slot('finalized');
}

const ownerFilter = z.union([z.object({ mint: z.string() }), z.object({ programId: z.string() })]);

const getTokenAccountsByOwner: RpcMethod = (context, params) => {
  const owner = addressParam(params, 0);
  const filter = configParam(params, 1, ownerFilter);
  const config = configParam(params, 2, accountConfig);
  const { chain } = context;
  const found = [];
  for (const key of chain.tokenAccounts.ofOwner(owner)) {
    const account = chain.vm.account(key);
    if (account === undefined || !isTokenAccountData(account.data)) continue;
    const token = readTokenAccount(account.data);
    const matches =
      'mint' in filter ? token.mint === filter.mint : account.owner === filter.programId;
    if (token.owner !== owner || !matches) continue;
    const encoding = config.encoding ?? 'base64';
    found.push({ account: accountJson(account, encoding, decimalsIn(context)), pubkey: key });
  }
  return inContext(context, config, found);
};

/** Methods about tokens. */
export const tokenMethods = {
  getTokenSupply,
  getTokenAccountBalance,
  getTokenLargestAccounts,
  getTokenAccountsByOwner,
} satisfies Record<string, RpcMethod>;
