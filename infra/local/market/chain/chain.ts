import { createHash } from 'node:crypto';

import bs58 from 'bs58';
import {
  FailedTransactionMetadata,
  type SimulatedTransactionInfo,
  type TransactionMetadata,
} from 'litesvm/dist/internal.js';

import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import { BalanceReader } from './balances.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ChainClock } from './chain-clock.ts';
import { Custody } from './custody.ts';
import type { Instruction } from './instruction.ts';
import { type Player, playedError, playedInner, withCalls } from './played.ts';
import { type InnerInstructions, type LandedTransaction, keysOf } from './landed-transaction.ts';
import {
  type LookupTable,
  type Message,
  type WireTransaction,
  compileMessage,
  decodeMessage,
  decodeTransaction,
  encodeMessage,
  encodeTransaction,
} from './message.ts';
import { LOOKUP_TABLE_PROGRAM, SYSTEM_PROGRAM } from './program-ids.ts';
import { isSignedBy } from './signature-check.ts';
import { TokenAccountIndex } from './token-account-index.ts';
import { type TransactionError, landsDespite, transactionErrorOf } from './transaction-error.ts';
import { TransactionHistory } from './transaction-history.ts';
import { VirtualMachine } from './virtual-machine.ts';

const LAMPORTS_PER_SIGNATURE = 5_000n;
/** Where an address lookup table's addresses begin. */
const LOOKUP_TABLE_HEAD_BYTES = 56;
/** Pays for all that the market sets up: 8 million SOL, which JSON's numbers still hold exactly. */
const TREASURY_LAMPORTS = 8_000_000_000_000_000n;

/** What a transaction from outside came to. `refused`: it never gets into a block. */
export type Submission =
  | { readonly kind: 'landed'; readonly transaction: LandedTransaction }
  | { readonly kind: 'refused'; readonly signature: string; readonly error: TransactionError };

/** What the market may add to a transaction it made itself: see the venues. */
export type Recorded = Pick<LandedTransaction, 'logs' | 'inner'>;

/** A transaction that the market makes. */
export type Plan = {
  readonly feePayer: Address;
  readonly instructions: readonly Instruction[];
  readonly lookupTable?: LookupTable | undefined;
  readonly version?: 'legacy' | 0;
  /** Adds what the venue's own program would have logged and called. */
  readonly decorate?:
    | ((recorded: Recorded, message: Message, keys: Address[]) => Recorded)
    | undefined;
};

/** A Solana chain in this process: LiteSVM below, and around it what only a validator has. */
export class Chain {
  readonly clock: ChainClock;
  readonly vm: VirtualMachine;
  readonly history = new TransactionHistory();
  readonly tokenAccounts = new TokenAccountIndex();
  readonly custody: Custody;
  readonly treasury: Address;
  /** Plays programs whose binaries are not to be had; set by whoever knows them. */
  player: Player | undefined;
  readonly #balances: BalanceReader;
  #slot = 0;
  #indexInBlock = 0;

  constructor(clock: ChainClock, seed: string) {
    this.clock = clock;
    this.vm = new VirtualMachine(clock);
    this.#balances = new BalanceReader(this.vm, this.tokenAccounts);
    const secret = (name: string) => createHash('sha256').update(`${seed}:${name}`).digest();
    this.custody = new Custody(secret('custody'));
    this.treasury = addressOfBytes(secret('treasury'));
    this.vm.setAccount(this.treasury, {
      lamports: TREASURY_LAMPORTS,
      owner: SYSTEM_PROGRAM,
      data: new Uint8Array(0),
    });
  }

  /** Runs instructions paid by the treasury that leave no trace in the history. @throws {Error} when they fail. */
  setUp(instructions: readonly Instruction[]): void {
    this.vm.tick();
    const { wire, message } = this.#sealed({ feePayer: this.treasury, instructions });
    const result = this.vm.svm.sendVersionedTransaction(wire);
    this.vm.forget(message.staticKeys);
    if (result instanceof FailedTransactionMetadata) {
      const last = result.meta().logs().slice(-3).join(' | ');
      throw new Error(`set-up failed: ${JSON.stringify(transactionErrorOf(result))} ${last}`);
    }
  }

  /** Makes a lookup table that transactions can use at once. */
  addLookupTable(table: LookupTable): void {
    const data = new ByteWriter(LOOKUP_TABLE_HEAD_BYTES + table.addresses.length * 32);
    // State 1 (a table), never deactivated, extended long ago, no authority: frozen for good.
    data.u32(1).u64(18_446_744_073_709_551_615n).u64(0n).u8(0).u8(0).zeros(34);
    for (const key of table.addresses) data.address(key);
    const bytes = data.done();
    const lamports = this.vm.rentOf(bytes.length);
    this.vm.setAccount(table.address, { lamports, owner: LOOKUP_TABLE_PROGRAM, data: bytes });
  }

  /** Puts a transaction of the market's own into the current block. Failing ones land as well. */
  land(plan: Plan): LandedTransaction {
    const sealed = this.#sealed(plan);
    const submission = this.#run(sealed, plan.decorate);
    if (submission.kind === 'landed') return submission.transaction;
    throw new Error(
      `the market's own transaction was refused: ${JSON.stringify(submission.error)}`,
    );
  }

  /** Takes a transaction from outside. The bytes must be a message that `decodeMessage` can read. */
  submit({ signatures, messageBytes }: WireTransaction): Submission {
    const message = decodeMessage(messageBytes);
    const wire = encodeTransaction({ signatures, messageBytes });
    const refused = this.refusal({ signatures, messageBytes });
    const signature = bs58.encode(signatures[0] ?? new Uint8Array(64));
    if (refused !== undefined) return { kind: 'refused', signature, error: refused };
    return this.#run({ message, wire, signatures });
  }

  /** Why a block would not take this transaction, before it is run; undefined when it would. */
  refusal({ signatures, messageBytes }: WireTransaction): TransactionError | undefined {
    if (!this.isFullySigned({ signatures, messageBytes })) return 'SignatureFailure';
    const signature = bs58.encode(signatures[0] ?? new Uint8Array(64));
    if (this.history.get(signature) !== undefined) return 'AlreadyProcessed';
    const { recentBlockhash } = decodeMessage(messageBytes);
    return this.clock.isBlockhashValid(recentBlockhash) ? undefined : 'BlockhashNotFound';
  }

  isFullySigned({ signatures, messageBytes }: WireTransaction): boolean {
    const { header, staticKeys } = decodeMessage(messageBytes);
    if (signatures.length !== header.numRequiredSignatures) return false;
    return signatures.every((signature, index) => {
      const signer = staticKeys[index];
      if (signer === undefined) return false;
      return this.custody.has(signer)
        ? this.custody.isSigned(signer, messageBytes, signature)
        : isSignedBy(signer, messageBytes, signature);
    });
  }

  /** Runs a transaction without effect, whoever signed it. */
  simulate(wire: WireTransaction): FailedTransactionMetadata | SimulatedTransactionInfo {
    this.vm.tick();
    const message = decodeMessage(wire.messageBytes);
    const played = this.player?.(message, keysOf({ message, loaded: this.loadedKeys(message) }));
    const result = this.vm.svm.simulateVersionedTransaction(
      encodeTransaction(played === undefined ? wire : withCalls(wire, message, played)),
    );
    played?.undo();
    return result;
  }

  /** Keys that the message's lookup tables name. Unknown tables name none: the run then fails. */
  loadedKeys(message: Message): LandedTransaction['loaded'] {
    const writable: Address[] = [];
    const readonly: Address[] = [];
    for (const { tableAddress, writableIndexes, readonlyIndexes } of message.lookups) {
      const data = this.vm.account(tableAddress)?.data ?? new Uint8Array(0);
      const at = (index: number) => {
        const start = LOOKUP_TABLE_HEAD_BYTES + index * 32;
        return start + 32 <= data.length ? [addressOfBytes(data.subarray(start, start + 32))] : [];
      };
      writable.push(...writableIndexes.flatMap(at));
      readonly.push(...readonlyIndexes.flatMap(at));
    }
    return { writable, readonly };
  }

  /** A message signed by the market: its hash and the signer's place stand in for each signature. */
  #sealed({ feePayer, instructions, lookupTable, version = 'legacy' }: Plan) {
    const recentBlockhash = this.clock.blockhash(this.clock.slot());
    const message = compileMessage({
      feePayer,
      instructions,
      recentBlockhash,
      lookupTable,
      version,
    });
    const messageBytes = encodeMessage(message);
    const hash = createHash('sha512').update(messageBytes).digest();
    const signatures = Array.from({ length: message.header.numRequiredSignatures }, (_, index) => {
      const signature = Buffer.from(hash);
      signature.writeUInt8(index, 63);
      return signature;
    });
    return { message, wire: encodeTransaction({ signatures, messageBytes }), signatures };
  }

  #run(
    sealed: {
      readonly message: Message;
      readonly wire: Uint8Array;
      readonly signatures: readonly Uint8Array[];
    },
    decorate?: Plan['decorate'],
  ): Submission {
    this.vm.tick();
    const { message, wire } = sealed;
    const signatures = sealed.signatures.map((bytes) => bs58.encode(bytes));
    const loaded = this.loadedKeys(message);
    const keys = keysOf({ message, loaded });
    const before = this.#balances.read(keys);
    const played = this.player?.(message, keys);
    const result = this.vm.svm.sendVersionedTransaction(
      played === undefined
        ? wire
        : encodeTransaction(withCalls(decodeTransaction(wire), message, played)),
    );
    this.vm.forget(keys);
    const failure = result instanceof FailedTransactionMetadata ? result : undefined;
    const err = failure === undefined ? null : playedError(transactionErrorOf(failure), played);
    if (failure !== undefined) played?.undo();
    const signature = signatures[0] ?? '';
    if (err !== null && !landsDespite(err)) return { kind: 'refused', signature, error: err };

    const after = this.#balances.read(keys);
    const meta = result instanceof FailedTransactionMetadata ? result.meta() : result;
    if (err === null) played?.landed();
    const inner = playedInner(innerInstructionsOf(meta), played);
    const bare: Recorded = { logs: meta.logs(), inner };
    const slot = this.clock.slot();
    this.#indexInBlock = slot === this.#slot ? this.#indexInBlock + 1 : 0;
    this.#slot = slot;
    const transaction: LandedTransaction = {
      signature,
      slot,
      blockTime: this.clock.blockTime(slot),
      indexInBlock: this.#indexInBlock,
      signatures,
      wire,
      message,
      loaded,
      err,
      fee: feeOf(message),
      preBalances: before.lamports,
      postBalances: after.lamports,
      preTokenBalances: before.tokens,
      postTokenBalances: after.tokens,
      computeUnits: Number(meta.computeUnitsConsumed()),
      ...(decorate === undefined ? bare : decorate(bare, message, keys)),
    };
    this.history.add(transaction);
    return { kind: 'landed', transaction };
  }
}

/** LiteSVM lists calls for each instruction; nodes leave out instructions that called nothing. */
export function innerInstructionsOf(meta: TransactionMetadata): InnerInstructions[] {
  return meta.innerInstructions().flatMap((list, index) => {
    if (list.length === 0) return [];
    const instructions = list.map((inner) => {
      const compiled = inner.instruction();
      return {
        programIdIndex: compiled.programIdIndex(),
        accounts: [...compiled.accounts()],
        data: compiled.data(),
        stackHeight: inner.stackHeight(),
      };
    });
    return [{ index, instructions }];
  });
}

/** 5,000 lamports a signature, and the compute budget's price times its limit. */
export function feeOf(message: Message): bigint {
  let limit = 0n;
  let price = 0n;
  for (const { programIdIndex, data } of message.instructions) {
    if (message.staticKeys[programIdIndex] !== 'ComputeBudget111111111111111111111111111111')
      continue;
    const bytes = Buffer.from(data);
    if (bytes[0] === 2 && bytes.length >= 5) limit = BigInt(bytes.readUInt32LE(1));
    if (bytes[0] === 3 && bytes.length >= 9) price = bytes.readBigUInt64LE(1);
  }
  const signatures = BigInt(message.header.numRequiredSignatures) * LAMPORTS_PER_SIGNATURE;
  return signatures + (price * limit + 999_999n) / 1_000_000n;
}
