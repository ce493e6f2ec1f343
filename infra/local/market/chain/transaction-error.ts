import {
  type FailedTransactionMetadata,
  InstructionErrorBorshIo,
  InstructionErrorCustom,
  TransactionErrorDuplicateInstruction,
  TransactionErrorInstructionError,
  TransactionErrorInsufficientFundsForRent,
  TransactionErrorProgramExecutionTemporarilyRestricted,
} from 'litesvm/dist/internal.js';

/** A transaction's error as JSON-RPC words it. */
export type TransactionError = string | { readonly [kind: string]: unknown };

/** Names by LiteSVM's number (its `TransactionErrorFieldless`). */
const TRANSACTION_ERRORS =
  'AccountInUse AccountLoadedTwice AccountNotFound ProgramAccountNotFound InsufficientFundsForFee InvalidAccountForFee AlreadyProcessed BlockhashNotFound CallChainTooDeep MissingSignatureForFee InvalidAccountIndex SignatureFailure InvalidProgramForExecution SanitizeFailure ClusterMaintenance AccountBorrowOutstanding WouldExceedMaxBlockCostLimit UnsupportedVersion InvalidWritableAccount WouldExceedMaxAccountCostLimit WouldExceedAccountDataBlockLimit TooManyAccountLocks AddressLookupTableNotFound InvalidAddressLookupTableOwner InvalidAddressLookupTableData InvalidAddressLookupTableIndex InvalidRentPayingAccount WouldExceedMaxVoteCostLimit WouldExceedAccountDataTotalLimit MaxLoadedAccountsDataSizeExceeded ResanitizationNeeded InvalidLoadedAccountsDataSizeLimit UnbalancedTransaction ProgramCacheHitMaxLimit CommitCancelled'.split(
    ' ',
  );

/** Names by LiteSVM's number (its `InstructionErrorFieldless`). */
const INSTRUCTION_ERRORS =
  'GenericError InvalidArgument InvalidInstructionData InvalidAccountData AccountDataTooSmall InsufficientFunds IncorrectProgramId MissingRequiredSignature AccountAlreadyInitialized UninitializedAccount UnbalancedInstruction ModifiedProgramId ExternalAccountLamportSpend ExternalAccountDataModified ReadonlyLamportChange ReadonlyDataModified DuplicateAccountIndex ExecutableModified RentEpochModified NotEnoughAccountKeys AccountDataSizeChanged AccountNotExecutable AccountBorrowFailed AccountBorrowOutstanding DuplicateAccountOutOfSync InvalidError ExecutableDataModified ExecutableLamportChange ExecutableAccountNotRentExempt UnsupportedProgramId CallDepth MissingAccount ReentrancyNotAllowed MaxSeedLengthExceeded InvalidSeeds InvalidRealloc ComputationalBudgetExceeded PrivilegeEscalation ProgramEnvironmentSetupFailure ProgramFailedToComplete ProgramFailedToCompile Immutable IncorrectAuthority AccountNotRentExempt InvalidAccountOwner ArithmeticOverflow UnsupportedSysvar IllegalOwner MaxAccountsDataAllocationsExceeded MaxAccountsExceeded MaxInstructionTraceLengthExceeded BuiltinProgramsMustConsumeComputeUnits BorshIoError'.split(
    ' ',
  );

/** What LiteSVM answered, in the words of JSON-RPC. */
export function transactionErrorOf(failure: FailedTransactionMetadata): TransactionError {
  const error = failure.err();
  if (typeof error === 'number') return TRANSACTION_ERRORS[error] ?? 'SanitizeFailure';
  if (error instanceof TransactionErrorInstructionError) {
    return { InstructionError: [error.index, instructionErrorOf(error)] };
  }
  if (error instanceof TransactionErrorInsufficientFundsForRent) {
    return { InsufficientFundsForRent: { account_index: error.accountIndex } };
  }
  if (error instanceof TransactionErrorDuplicateInstruction) {
    return { DuplicateInstruction: error.index };
  }
  if (error instanceof TransactionErrorProgramExecutionTemporarilyRestricted) {
    return { ProgramExecutionTemporarilyRestricted: { account_index: error.accountIndex } };
  }
  return 'SanitizeFailure';
}

function instructionErrorOf(error: TransactionErrorInstructionError): TransactionError {
  const inner = error.err();
  if (typeof inner === 'number') return INSTRUCTION_ERRORS[inner] ?? 'GenericError';
  if (inner instanceof InstructionErrorCustom) return { Custom: inner.code };
  if (inner instanceof InstructionErrorBorshIo) return { BorshIoError: inner.msg };
  return 'GenericError';
}

/** Errors with which a transaction still lands and pays its fee; all others keep it off the chain. */
export const landsDespite = (error: TransactionError): boolean =>
  typeof error !== 'string' && !('DuplicateInstruction' in error);

/** The sentence that a node puts into the message of -32002. */
export function describeTransactionError(error: TransactionError): string {
  if (error === 'BlockhashNotFound') return 'Blockhash not found';
  if (error === 'AlreadyProcessed') return 'This transaction has already been processed';
  if (error === 'AccountNotFound') {
    return 'Attempt to debit an account but found no record of a prior credit.';
  }
  if (error === 'InsufficientFundsForFee') return 'Insufficient funds for fee';
  if (error === 'SignatureFailure') return 'Transaction did not pass signature verification';
  if (typeof error === 'string') return error;
  const detail = error['InstructionError'];
  if (!Array.isArray(detail)) return JSON.stringify(error);
  const parts: readonly unknown[] = detail;
  const [index, inner] = parts;
  if (typeof inner === 'object' && inner !== null && 'Custom' in inner) {
    const code =
      typeof inner.Custom === 'number' ? inner.Custom.toString(16) : String(inner.Custom);
    return `Error processing Instruction ${String(index)}: custom program error: 0x${code}`;
  }
  return `Error processing Instruction ${String(index)}: ${JSON.stringify(inner)}`;
}
