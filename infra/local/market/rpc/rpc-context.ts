import type { Address } from '#shared/domain/address.ts';
import type { Chain } from '../chain/chain.ts';
import type { Commitment } from '../chain/chain-clock.ts';
import { readMint } from '../chain/token-layout.ts';
import { RpcError } from './rpc-error.ts';
import type { RpcParams } from './rpc-params.ts';

export const API_VERSION = '4.3.0';

/** What the methods answer from. */
export type RpcContext = {
  readonly chain: Chain;
  readonly genesisHash: string;
  /** False while the node's secondary index does not know the mint yet. */
  readonly isIndexed: (mint: Address) => boolean;
};

/** A JSON-RPC method: its result, or a thrown RpcError. */
export type RpcMethod = (context: RpcContext, params: RpcParams) => unknown;

type ReadOptions = {
  readonly commitment?: Commitment | undefined;
  readonly minContextSlot?: number | undefined;
};

/** The envelope of answers that hold for a slot. @throws {RpcError} -32016 when the node is behind. */
export function inContext(context: RpcContext, options: ReadOptions, value: unknown) {
  const slot = context.chain.clock.slot(options.commitment ?? 'finalized');
  if (options.minContextSlot !== undefined && options.minContextSlot > slot) {
    throw new RpcError(-32_016, 'Minimum context slot has not been reached', { contextSlot: slot });
  }
  return { context: { apiVersion: API_VERSION, slot }, value };
}

/** Decimals of a mint; 0 when there is none. */
export const decimalsIn =
  ({ chain }: RpcContext) =>
  (mint: Address): number => {
    const account = chain.vm.account(mint);
    return account === undefined ? 0 : readMint(account.data).decimals;
  };
