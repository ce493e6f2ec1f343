import type { Address } from '#shared/domain/address.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, rw } from '../chain/instruction.ts';
import { COMPUTE_BUDGET_PROGRAM, SYSTEM_PROGRAM } from '../chain/program-ids.ts';

/** System program: makes an account of `space` bytes that `owner` (a program) may write. */
export const createAccount = (input: {
  readonly from: Address;
  readonly account: Address;
  readonly lamports: bigint;
  readonly space: number;
  readonly owner: Address;
}): Instruction => ({
  programId: SYSTEM_PROGRAM,
  accounts: [payer(input.from), payer(input.account)],
  data: new ByteWriter(52)
    .u32(0)
    .u64(input.lamports)
    .u64(BigInt(input.space))
    .address(input.owner)
    .done(),
});

/** System program: moves lamports. */
export const transferLamports = (from: Address, to: Address, lamports: bigint): Instruction => ({
  programId: SYSTEM_PROGRAM,
  accounts: [payer(from), rw(to)],
  data: new ByteWriter(12).u32(2).u64(lamports).done(),
});

/** Compute budget: most units that the transaction may use. */
export const setComputeUnitLimit = (units: number): Instruction => ({
  programId: COMPUTE_BUDGET_PROGRAM,
  accounts: [],
  data: new ByteWriter(5).u8(2).u32(units).done(),
});

/** Compute budget: micro-lamports a unit. */
export const setComputeUnitPrice = (microLamports: bigint): Instruction => ({
  programId: COMPUTE_BUDGET_PROGRAM,
  accounts: [],
  data: new ByteWriter(9).u8(3).u64(microLamports).done(),
});
