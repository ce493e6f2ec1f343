import type { Address } from '#shared/domain/address.ts';
import { ByteReader } from '#shared/domain/byte-reader.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  JUPITER_PROGRAM,
  SYSTEM_PROGRAM,
} from '#shared/domain/solana-programs.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import type { InstructionView, TransactionView } from '#shared/domain/transaction-view.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { inspectRoute, isRoute } from './inspect-route.ts';
import type { SwapIntent } from './swap-intent.ts';

/** Says what is wrong with an instruction, in words; undefined when nothing is. */
type Inspector = (instruction: InstructionView, intent: SwapIntent) => string | undefined;

/** Programs that a swap may call itself. What is not named here is not signed. */
const INSPECTORS: ReadonlyMap<Address, Inspector> = new Map<Address, Inspector>([
  [COMPUTE_BUDGET_PROGRAM, () => undefined],
  [SYSTEM_PROGRAM, inspectSystem],
  [ASSOCIATED_TOKEN_PROGRAM, inspectAssociatedToken],
  [TOKEN_PROGRAM, inspectToken],
  [TOKEN_2022_PROGRAM, inspectToken],
  [JUPITER_PROGRAM, inspectJupiter],
]);

/**
 * What is wrong with a transaction that somebody else has built for us, in words; undefined when it
 * does what was meant and nothing besides. Nothing is signed that did not pass.
 */
export function inspectTransaction(
  transaction: TransactionView,
  intent: SwapIntent,
): string | undefined {
  const { feePayer, signers, instructions } = transaction;
  if (feePayer !== intent.wallet) return `${feePayer} pays the fee and decides on the blockhash`;
  const other = signers.find((signer) => signer !== intent.wallet);
  // Market makers co-sign, and could then hold the transaction back: not for our purpose.
  if (other !== undefined) return `${other} has to sign as well`;

  for (const instruction of instructions) {
    const inspect = INSPECTORS.get(instruction.program);
    if (inspect === undefined) return `it calls ${instruction.program}`;
    const wrong = inspect(instruction, intent);
    if (wrong !== undefined) return wrong;
  }
  return inspectBudget(instructions, intent) ?? inspectSums(instructions, intent);
}

/** Exactly one swap, and no more SOL wrapped than the swap takes. */
function inspectSums(
  instructions: readonly InstructionView[],
  intent: SwapIntent,
): string | undefined {
  const routes = instructions.filter(
    (each) => each.program === JUPITER_PROGRAM && isRoute(each),
  ).length;
  if (routes !== 1) return `it swaps ${routes} times`;
  const wrapped = instructions
    .filter(({ program }) => program === SYSTEM_PROGRAM)
    .reduce((sum, { data }) => sum + transferLamports(data), 0n);
  const needed = intent.inputMint === WRAPPED_SOL ? intent.inAmount : 0n;
  return wrapped > needed ? `it moves ${wrapped} lamports, at most ${needed}` : undefined;
}

const SYSTEM_TRANSFER = 2;
const SYSTEM_TRANSFER_BYTES = 12;
const transferLamports = (data: Uint8Array): bigint => new ByteReader(data, 4).u64();

/** SOL leaves the wallet only to be wrapped, in an account of our own. */
function inspectSystem({ accounts, data }: InstructionView, intent: SwapIntent) {
  const isTransfer =
    data.length === SYSTEM_TRANSFER_BYTES && new ByteReader(data).u32() === SYSTEM_TRANSFER;
  if (!isTransfer) return 'a system instruction that is no transfer';
  const [, to] = accounts;
  const wraps = intent.inputMint === WRAPPED_SOL && isOneOf(intent.inputAccounts, to);
  return wraps ? undefined : `it sends ${transferLamports(data)} lamports to ${to}`;
}

/** `Create` (no data, or 0) and `CreateIdempotent` (1); `RecoverNested` (2) moves tokens. */
function inspectAssociatedToken({ accounts, data }: InstructionView, intent: SwapIntent) {
  if (data.length > 1 || (data[0] ?? 0) > 1)
    return 'an associated-token instruction of another kind';
  const [payer, account, owner, mint] = accounts;
  if (payer !== intent.wallet || owner !== intent.wallet) return `it opens an account for ${owner}`;
  if (mint !== intent.inputMint && mint !== intent.outputMint)
    return `it opens an account of ${mint}`;
  return isOurs(intent, account) ? undefined : `it opens the account ${account}`;
}

const CLOSE_ACCOUNT = 9;
const SYNC_NATIVE = 17;
const TOKEN_INSTRUCTIONS = new Map([
  [3, 'transfer'],
  [4, 'approve'],
  [6, 'set authority'],
  [8, 'burn'],
  [12, 'transfer'],
  [13, 'approve'],
]);

/** Of the token programs only what wraps and unwraps SOL; tokens move inside the route alone. */
function inspectToken({ accounts, data }: InstructionView, intent: SwapIntent) {
  const [account, receiver, owner] = accounts;
  const kind = data[0] ?? -1;
  if (data.length === 1 && kind === SYNC_NATIVE && isOurs(intent, account)) return undefined;
  if (data.length === 1 && kind === CLOSE_ACCOUNT) {
    // Closing pays out the rent, and of wrapped SOL everything: to ourselves, or not at all.
    if (!isOneOf(wrappedAccounts(intent), account)) return `it closes the account ${account}`;
    if (receiver !== intent.wallet || owner !== intent.wallet) return `it closes to ${receiver}`;
    return undefined;
  }
  return `a token instruction: ${TOKEN_INSTRUCTIONS.get(kind) ?? `number ${kind}`}`;
}

/** Anchor's discriminator of `create_token_account`; one byte of bump follows. */
const CREATE_TOKEN_ACCOUNT = '93f17b64f484ae76';

function inspectJupiter(instruction: InstructionView, intent: SwapIntent) {
  const { accounts, data } = instruction;
  if (Buffer.from(data.subarray(0, 8)).toString('hex') !== CREATE_TOKEN_ACCOUNT) {
    return inspectRoute(instruction, intent);
  }
  const [account, user] = accounts;
  if (user !== intent.wallet) return `it opens an account for ${user}`;
  return isOurs(intent, account) ? undefined : `it opens the account ${account}`;
}

const SET_LIMIT = 2;
const SET_PRICE = 3;
/** What a transaction gets that sets none is less; this is the most that any can have. */
const MAX_COMPUTE_UNITS = 1_400_000n;
const MICRO = 1_000_000n;

/** Priority fee = compute unit limit x price in millionths of a lamport, rounded up. */
function inspectBudget(
  instructions: readonly InstructionView[],
  { maxPriorityLamports }: SwapIntent,
): string | undefined {
  let units = MAX_COMPUTE_UNITS;
  let microLamports = 0n;
  for (const { program, data } of instructions) {
    if (program !== COMPUTE_BUDGET_PROGRAM) continue;
    if (data[0] === SET_LIMIT && data.length === 5) units = BigInt(new ByteReader(data, 1).u32());
    else if (data[0] === SET_PRICE && data.length === 9)
      microLamports = new ByteReader(data, 1).u64();
    else return 'a compute-budget instruction of another kind';
  }
  const lamports = (units * microLamports + MICRO - 1n) / MICRO;
  return lamports > maxPriorityLamports
    ? `priority fee ${lamports} lamports, at most ${maxPriorityLamports}`
    : undefined;
}

const isOneOf = (own: readonly Address[], account: Address | undefined): boolean =>
  own.some((each) => each === account);

const isOurs = (intent: SwapIntent, account: Address | undefined): boolean =>
  isOneOf(intent.inputAccounts, account) || isOneOf(intent.outputAccounts, account);

const wrappedAccounts = (intent: SwapIntent): readonly Address[] => [
  ...(intent.inputMint === WRAPPED_SOL ? intent.inputAccounts : []),
  ...(intent.outputMint === WRAPPED_SOL ? intent.outputAccounts : []),
];
