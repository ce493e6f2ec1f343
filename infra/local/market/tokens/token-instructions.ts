import type { Address } from '#shared/domain/address.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw, signer } from '../chain/instruction.ts';
import { ASSOCIATED_TOKEN_PROGRAM, SYSTEM_PROGRAM } from '../chain/program-ids.ts';

/** Which of the two token programs. */
type Program = { readonly tokenProgram: Address };

/** Instruction 20 `InitializeMint2`. */
export const initializeMint = (
  input: Program & {
    readonly mint: Address;
    readonly decimals: number;
    readonly mintAuthority: Address;
    readonly freezeAuthority: Address | null;
  },
): Instruction => {
  const data = new ByteWriter(70).u8(20).u8(input.decimals).address(input.mintAuthority);
  if (input.freezeAuthority === null) data.u8(0);
  else data.u8(1).address(input.freezeAuthority);
  return { programId: input.tokenProgram, accounts: [rw(input.mint)], data: data.done() };
};

/** Instruction 18 `InitializeAccount3`. */
export const initializeAccount = (
  input: Program & {
    readonly account: Address;
    readonly mint: Address;
    readonly owner: Address;
  },
): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.account), ro(input.mint)],
  data: new ByteWriter(33).u8(18).address(input.owner).done(),
});

/** Instruction 22 `InitializeImmutableOwner`: before the account is initialised. */
export const initializeImmutableOwner = (
  input: Program & { readonly account: Address },
): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.account)],
  data: Uint8Array.of(22),
});

/** Instruction 7 `MintTo`, in base units. */
export const mintTo = (
  input: Program & {
    readonly mint: Address;
    readonly account: Address;
    readonly authority: Address;
    readonly amount: bigint;
  },
): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.mint), rw(input.account), signer(input.authority)],
  data: new ByteWriter(9).u8(7).u64(input.amount).done(),
});

/** Instruction 12 `TransferChecked`, in base units. */
export const transferChecked = (
  input: Program & {
    readonly source: Address;
    readonly mint: Address;
    readonly destination: Address;
    readonly authority: Address;
    readonly amount: bigint;
    readonly decimals: number;
  },
): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.source), ro(input.mint), rw(input.destination), signer(input.authority)],
  data: new ByteWriter(10).u8(12).u64(input.amount).u8(input.decimals).done(),
});

/** Instruction 6 `SetAuthority`; 0 is the mint authority, 1 the freeze authority. Null: nobody, for good. */
export const setAuthority = (
  input: Program & {
    readonly of: Address;
    readonly kind: 0 | 1;
    readonly current: Address;
    readonly next: Address | null;
  },
): Instruction => {
  const data = new ByteWriter(35).u8(6).u8(input.kind);
  if (input.next === null) data.u8(0);
  else data.u8(1).address(input.next);
  return {
    programId: input.tokenProgram,
    accounts: [rw(input.of), signer(input.current)],
    data: data.done(),
  };
};

/** Instruction 10 `FreezeAccount`, or 11 `ThawAccount`. */
export const setFrozen = (
  input: Program & {
    readonly account: Address;
    readonly mint: Address;
    readonly authority: Address;
    readonly frozen: boolean;
  },
): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.account), ro(input.mint), signer(input.authority)],
  data: Uint8Array.of(input.frozen ? 10 : 11),
});

/** Instruction 17 `SyncNative`: wrapped SOL takes note of lamports that were sent to it. */
export const syncNative = (input: Program & { readonly account: Address }): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.account)],
  data: Uint8Array.of(17),
});

/** Instruction 9 `CloseAccount`: an empty account, or any of wrapped SOL. */
export const closeAccount = (
  input: Program & {
    readonly account: Address;
    readonly destination: Address;
    readonly owner: Address;
  },
): Instruction => ({
  programId: input.tokenProgram,
  accounts: [rw(input.account), rw(input.destination), signer(input.owner)],
  data: Uint8Array.of(9),
});

/** Associated token program, `CreateIdempotent`. */
export const createAssociatedAccount = (
  input: Program & {
    readonly from: Address;
    readonly account: Address;
    readonly owner: Address;
    readonly mint: Address;
  },
): Instruction => ({
  programId: ASSOCIATED_TOKEN_PROGRAM,
  accounts: [
    payer(input.from),
    rw(input.account),
    ro(input.owner),
    ro(input.mint),
    ro(SYSTEM_PROGRAM),
    ro(input.tokenProgram),
  ],
  data: Uint8Array.of(1),
});
