import type { Address } from '#shared/domain/address.ts';

/** An account as an instruction names it. */
export type AccountMeta = {
  readonly address: Address;
  readonly signer: boolean;
  readonly writable: boolean;
};

/** An instruction before it is compiled into a message. */
export type Instruction = {
  readonly programId: Address;
  readonly accounts: readonly AccountMeta[];
  readonly data: Uint8Array;
};

/** Read only. */
export const ro = (address: Address): AccountMeta => ({ address, signer: false, writable: false });
/** Writable. */
export const rw = (address: Address): AccountMeta => ({ address, signer: false, writable: true });
/** Signer, read only. */
export const signer = (address: Address): AccountMeta => ({
  address,
  signer: true,
  writable: false,
});
/** Signer and writable. */
export const payer = (address: Address): AccountMeta => ({ address, signer: true, writable: true });
