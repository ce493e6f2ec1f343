import { Account, Clock, ComputeBudget, LiteSvm } from 'litesvm/dist/internal.js';

import type { Address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { addressBytes, addressText } from './address-bytes.ts';
import { type ChainClock, SLOTS_PER_EPOCH } from './chain-clock.ts';
import { noOpProgram } from './no-op-program.ts';
import { CLOCK_SYSVAR } from './program-ids.ts';

const REMEMBERED = 200_000;

/** An account as it stands now. */
export type ChainAccount = {
  readonly lamports: bigint;
  readonly owner: Address;
  readonly data: Uint8Array;
  readonly executable: boolean;
};

/** Instructions, calls included, that one transaction may run. Set-up batches need more than 64. */
const INSTRUCTION_TRACE_LENGTH = 2_000n;

/**
 * LiteSVM with the token programs, wrapped SOL and the venues' stand-ins.
 *
 * It speaks to LiteSVM's byte-level binding: the class above it turns every address and transaction
 * through Kit's codecs, which costs a hundred times what reading an account does. Signatures,
 * blockhashes and duplicates are not its concern: the chain checks them before.
 */
export class VirtualMachine {
  readonly svm = new LiteSvm();
  readonly #clock: ChainClock;
  /** Reading through the binding costs ten microseconds: what nobody wrote since is remembered. */
  readonly #read = new Map<Address, ChainAccount | undefined>();
  readonly #rents = new Map<number, bigint>();
  #slot = -1;

  constructor(clock: ChainClock) {
    this.#clock = clock;
    this.svm.withNativeMints();
    this.svm.setSigverify(false);
    this.svm.setBlockhashCheck(false);
    this.svm.setTransactionHistory(0n);
    this.svm.setLogBytesLimit(10_000n);
    const budget = new ComputeBudget();
    budget.computeUnitLimit = 1_400_000n;
    budget.maxInstructionTraceLength = INSTRUCTION_TRACE_LENGTH;
    this.svm.setComputeBudget(budget);
    const program = noOpProgram();
    for (const id of Object.values(VENUE_PROGRAMS)) this.svm.addProgram(addressBytes(id), program);
    this.tick();
  }

  account(address: Address): ChainAccount | undefined {
    if (this.#read.has(address)) return this.#read.get(address);
    const found = this.#fetch(address);
    if (this.#read.size >= REMEMBERED) this.#read.clear();
    this.#read.set(address, found);
    return found;
  }

  /** To be called with all keys of a transaction that ran: their accounts are read anew. */
  forget(addresses: Iterable<Address>): void {
    for (const address of addresses) this.#read.delete(address);
  }

  #fetch(address: Address): ChainAccount | undefined {
    const account = this.svm.getAccount(addressBytes(address));
    if (account === null) return undefined;
    const lamports = account.lamports();
    const data = account.data();
    // LiteSVM keeps what was closed as an empty account of the system program.
    if (lamports === 0n && data.length === 0) return undefined;
    const owner = addressText(account.owner());
    return { lamports, owner, data, executable: account.executable() };
  }

  setAccount(
    address: Address,
    { lamports, owner, data }: Pick<ChainAccount, 'lamports' | 'owner' | 'data'>,
  ): void {
    const account = new Account(lamports, data, addressBytes(owner), false, 0n);
    this.svm.setAccount(addressBytes(address), account);
    this.#read.delete(address);
  }

  /** Lamports that an account of so many bytes must hold. */
  rentOf(bytes: number): bigint {
    let lamports = this.#rents.get(bytes);
    if (lamports === undefined) {
      lamports = this.svm.minimumBalanceForRentExemption(BigInt(bytes));
      this.#rents.set(bytes, lamports);
    }
    return lamports;
  }

  /** Moves the clock sysvar to now. Programs see the slot in which they run. */
  tick(): void {
    const slot = this.#clock.slot();
    if (slot === this.#slot) return;
    this.#slot = slot;
    const epoch = BigInt(Math.floor(slot / SLOTS_PER_EPOCH));
    const epochStart = BigInt(this.#clock.blockTime(Number(epoch) * SLOTS_PER_EPOCH));
    const time = BigInt(this.#clock.blockTime(slot));
    this.#read.delete(CLOCK_SYSVAR);
    this.svm.setClock(new Clock(BigInt(slot), epochStart, epoch, epoch + 1n, time));
  }
}
