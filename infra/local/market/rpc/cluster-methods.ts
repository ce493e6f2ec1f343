import * as z from 'zod';

import { SLOTS_PER_EPOCH } from '../chain/chain-clock.ts';
import { transferLamports } from '../tokens/system-instructions.ts';
import { API_VERSION, type RpcMethod, inContext } from './rpc-context.ts';
import { invalidParams } from './rpc-error.ts';
import { addressParam, commitmentConfig, configParam } from './rpc-params.ts';

const PRIORITY_FEE_SLOTS = 150;

const getSlot: RpcMethod = ({ chain }, params) =>
  chain.clock.slot(configParam(params, 0, commitmentConfig).commitment ?? 'finalized');

const getBlockHeight: RpcMethod = (context, params) =>
  context.chain.clock.blockHeight(Number(getSlot(context, params)));

const getLatestBlockhash: RpcMethod = (context, params) => {
  const config = configParam(params, 0, commitmentConfig);
  const { clock } = context.chain;
  const slot = clock.slot(config.commitment ?? 'finalized');
  const lastValidBlockHeight = clock.lastValidBlockHeight(slot);
  return inContext(context, config, { blockhash: clock.blockhash(slot), lastValidBlockHeight });
};

const isBlockhashValid: RpcMethod = (context, params) => {
  const config = configParam(params, 1, commitmentConfig);
  const blockhash = z.string().safeParse(params[0]);
  if (!blockhash.success) throw invalidParams('Invalid params: expected a string.');
  return inContext(context, config, context.chain.clock.isBlockhashValid(blockhash.data));
};

const getEpochInfo: RpcMethod = (context, params) => {
  const absoluteSlot = Number(getSlot(context, params));
  return {
    absoluteSlot,
    blockHeight: context.chain.clock.blockHeight(absoluteSlot),
    epoch: Math.floor(absoluteSlot / SLOTS_PER_EPOCH),
    slotIndex: absoluteSlot % SLOTS_PER_EPOCH,
    slotsInEpoch: SLOTS_PER_EPOCH,
    transactionCount: context.chain.history.size,
  };
};

/** Nodes answer the lowest fee that landed in each slot: nearly always none. */
const getRecentPrioritizationFees: RpcMethod = ({ chain }) => {
  const slot = chain.clock.slot();
  return Array.from({ length: PRIORITY_FEE_SLOTS }, (_, index) => ({
    prioritizationFee: 0,
    slot: slot - PRIORITY_FEE_SLOTS + 1 + index,
  }));
};

const requestAirdrop: RpcMethod = ({ chain }, params) => {
  const lamports = z.number().int().positive().max(1e15).safeParse(params[1]);
  if (!lamports.success) throw invalidParams('Invalid params: expected lamports as u64.');
  const transfer = transferLamports(chain.treasury, addressParam(params, 0), BigInt(lamports.data));
  return chain.land({ feePayer: chain.treasury, instructions: [transfer] }).signature;
};

/** Methods about the chain as a whole. */
export const clusterMethods = {
  getSlot,
  getBlockHeight,
  getLatestBlockhash,
  isBlockhashValid,
  getEpochInfo,
  getRecentPrioritizationFees,
  requestAirdrop,
  getHealth: () => 'ok',
  getGenesisHash: ({ genesisHash }) => genesisHash,
  getVersion: () => ({ 'feature-set': 3_640_012_085, 'solana-core': API_VERSION }),
  getFirstAvailableBlock: () => 0,
} satisfies Record<string, RpcMethod>;
