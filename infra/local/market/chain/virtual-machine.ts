import { Account, Clock, ComputeBudget, LiteSvm } from 'litesvm/dist/internal.js';

import { type Address, addressOfBytes, bytesOfAddress } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { type ChainClock, SLOTS_PER_EPOCH } from './chain-clock.ts';
import { noOpProgram } from './no-op-program.ts';

/** An account as it stands now. */
export type ChainAccount = {
  readonly lamports: bigint;
  readonly owner: Address;
  readonly data: Uint8Array;
  readonly executable: boolean;
};

/** Instructions, calls included, that one transaction may run. Set-up batches need more than 64. */
const INSTRUCTION_TRACE_LENGTH = 2_000n;
const OWNER_CACHE = new Map<string, Address>();

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
    for (const id of Object.values(VENUE_PROGRAMS))
      this.svm.addProgram(bytesOfAddress(id), program);
    this.tick();
  }

  account(address: Address): ChainAccount | undefined {
    const account = this.svm.getAccount(bytesOfAddress(address));
    if (account === null) return undefined;
    const owner = account.owner();
    const lamports = account.lamports();
    // LiteSVM keeps what was closed as an empty account of the system program.
    if (lamports === 0n && account.data().length === 0) return undefined;
    return {
      lamports,
      owner: ownerAddress(owner),
      data: account.data(),
      executable: account.executable(),
    };
  }

  setAccount(
    address: Address,
    { lamports, owner, data }: Pick<ChainAccount, 'lamports' | 'owner' | 'data'>,
  ): void {
    const account = new Account(lamports, data, bytesOfAddress(owner), false, 0n);
    this.svm.setAccount(bytesOfAddress(address), account);
  }

  /** Lamports that an account of so many bytes must hold. */
  rentOf(bytes: number): bigint {
    return this.svm.minimumBalanceForRentExemption(BigInt(bytes));
  }

  /** Moves the clock sysvar to now. Programs see the slot in which they run. */
  tick(): void {
    const slot = this.#clock.slot();
    if (slot === this.#slot) return;
    this.#slot = slot;
    const epoch = BigInt(Math.floor(slot / SLOTS_PER_EPOCH));
    const epochStart = BigInt(this.#clock.blockTime(Number(epoch) * SLOTS_PER_EPOCH));
    const time = BigInt(this.#clock.blockTime(slot));
    this.svm.setClock(new Clock(BigInt(slot), epochStart, epoch, epoch + 1n, time));
  }
}

/** Owners are a handful of programs: each is turned into base58 once. */
function ownerAddress(bytes: Uint8Array): Address {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, 32).toString('latin1');
  const known = OWNER_CACHE.get(key);
  if (known !== undefined) return known;
  const owner = addressOfBytes(bytes);
  if (OWNER_CACHE.size < 1_000) OWNER_CACHE.set(key, owner);
  return owner;
}
