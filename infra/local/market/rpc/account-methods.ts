import * as z from 'zod';

import type { Address } from '#shared/domain/address.ts';
import { accountJson } from './account-json.ts';
import { type RpcContext, type RpcMethod, decimalsIn, inContext } from './rpc-context.ts';
import { invalidParams } from './rpc-error.ts';
import {
  accountConfig,
  addressParam,
  commitmentConfig,
  configParam,
  listParam,
  parseAddress,
} from './rpc-params.ts';

/** Most accounts of one `getMultipleAccounts`. */
const MAX_ACCOUNTS = 100;
/** Largest account that nodes show in base58. */
const MAX_BASE58_BYTES = 128;

function read(context: RpcContext, key: Address, config: z.infer<typeof accountConfig>) {
  const account = context.chain.vm.account(key);
  if (account === undefined) return null;
  const encoding = config.encoding ?? 'base64';
  if (encoding === 'base64+zstd') throw invalidParams('Invalid params: base64+zstd is not served.');
  if (
    encoding === 'base58' &&
    (config.dataSlice?.length ?? account.data.length) > MAX_BASE58_BYTES
  ) {
    throw invalidParams(
      'Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.',
    );
  }
  return accountJson(account, encoding, decimalsIn(context), config.dataSlice);
}

const getAccountInfo: RpcMethod = (context, params) => {
  const config = configParam(params, 1, accountConfig);
  return inContext(context, config, read(context, addressParam(params, 0), config));
};

const getMultipleAccounts: RpcMethod = (context, params) => {
  const keys = listParam(params, 0, MAX_ACCOUNTS, 'accounts').map(parseAddress);
  const config = configParam(params, 1, accountConfig);
  const accounts = keys.map((key) => read(context, key, config));
  return inContext(context, config, accounts);
};

const getBalance: RpcMethod = (context, params) => {
  const config = configParam(params, 1, commitmentConfig);
  const account = context.chain.vm.account(addressParam(params, 0));
  return inContext(context, config, Number(account?.lamports ?? 0n));
};

const getMinimumBalanceForRentExemption: RpcMethod = ({ chain }, params) => {
  const bytes = z.number().int().nonnegative().safeParse(params[0]);
  if (!bytes.success) throw invalidParams('Invalid params: expected usize.');
  return Number(chain.vm.rentOf(bytes.data));
};

/** Methods that read accounts. */
export const accountMethods = {
  getAccountInfo,
  getMultipleAccounts,
  getBalance,
  getMinimumBalanceForRentExemption,
} satisfies Record<string, RpcMethod>;
