import bs58 from 'bs58';

import type { Address } from '#shared/domain/address.ts';
import { TOKEN_PROGRAM } from '../chain/program-ids.ts';
import {
  isMintData,
  isTokenAccountData,
  isTokenProgram,
  readMint,
  readTokenAccount,
} from '../chain/token-layout.ts';
import type { ChainAccount } from '../chain/virtual-machine.ts';
import { parseMintExtensions } from './parse-mint-extensions.ts';
import { uiAmount } from './ui-amount.ts';

export const ACCOUNT_ENCODINGS = ['base58', 'base64', 'base64+zstd', 'jsonParsed'] as const;
export type AccountEncoding = (typeof ACCOUNT_ENCODINGS)[number];

/** Nodes answer u64::MAX for accounts free of rent, which is no double: see `withExactRentEpoch`. */
const RENT_EPOCH = 2 ** 64;
const PRINTED_RENT_EPOCH = `"rentEpoch":${RENT_EPOCH}`;

/** JSON text with the rent epoch in the digits that nodes send, not those of the nearest double. */
export const withExactRentEpoch = (json: string): string =>
  json.replaceAll(PRINTED_RENT_EPOCH, '"rentEpoch":18446744073709551615');

export type DataSlice = { readonly offset: number; readonly length: number };

/** An account as RPC methods show it; `jsonParsed` falls back to base64 as nodes do. */
export function accountJson(
  account: ChainAccount,
  encoding: AccountEncoding,
  decimalsOf: (mint: Address) => number,
  slice?: DataSlice,
) {
  return {
    data: dataJson(account, encoding, decimalsOf, slice),
    executable: account.executable,
    lamports: Number(account.lamports),
    owner: account.owner,
    rentEpoch: RENT_EPOCH,
    space: account.data.length,
  };
}

function dataJson(
  { owner, data }: ChainAccount,
  encoding: AccountEncoding,
  decimalsOf: (mint: Address) => number,
  slice: DataSlice | undefined,
) {
  const bytes =
    slice === undefined ? data : data.subarray(slice.offset, slice.offset + slice.length);
  if (encoding === 'base58') return [bs58.encode(bytes), 'base58'];
  if (encoding === 'jsonParsed' && isTokenProgram(owner)) {
    const program = owner === TOKEN_PROGRAM ? 'spl-token' : 'spl-token-2022';
    const parsed = parsedToken(data, decimalsOf);
    if (parsed !== undefined) return { parsed, program, space: data.length };
  }
  return [base64(bytes), 'base64'];
}

function parsedToken(data: Uint8Array, decimalsOf: (mint: Address) => number) {
  const extensions = parseMintExtensions(data);
  const withExtensions = extensions.length === 0 ? {} : { extensions };
  if (isMintData(data)) {
    const { supply, ...mint } = readMint(data);
    return { info: { ...mint, ...withExtensions, supply: supply.toString() }, type: 'mint' };
  }
  if (!isTokenAccountData(data)) return undefined;
  const account = readTokenAccount(data);
  const decimals = decimalsOf(account.mint);
  return {
    info: {
      ...withExtensions,
      isNative: account.nativeReserve !== null,
      mint: account.mint,
      owner: account.owner,
      state: ['uninitialized', 'initialized', 'frozen'][account.state],
      tokenAmount: uiAmount(account.amount, decimals),
      ...(account.delegate === null
        ? {}
        : {
            delegate: account.delegate,
            delegatedAmount: uiAmount(account.delegatedAmount, decimals),
          }),
      ...(account.closeAuthority === null ? {} : { closeAuthority: account.closeAuthority }),
      ...(account.nativeReserve === null
        ? {}
        : { rentExemptReserve: uiAmount(account.nativeReserve, decimals) }),
    },
    type: 'account',
  };
}

export const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
