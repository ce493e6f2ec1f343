/** What went wrong with us or with an upstream, by code. Alarms match the codes: never rename one. */
export type FaultContext = {
  'config.invalid': { readonly issues: readonly string[] };
  'synthesis.failed': { readonly reason: string };
  'environment.invalid': { readonly issues: readonly string[] };
  'message.malformed': { readonly messageId: string; readonly issues: readonly string[] };
  'upstream.unavailable': { readonly upstream: string; readonly reason: string };
  'upstream.refused': {
    readonly upstream: string;
    readonly status: number;
    readonly reason: string;
  };
  'upstream.malformed': { readonly upstream: string; readonly reason: string };
  'request.forbidden': { readonly reason: string };
  'queue.refused': { readonly refused: number; readonly reason: string };
  'secret.missing': { readonly name: string };
  'live.unsupported': { readonly reason: string };
  'ledger.unavailable': { readonly reason: string };
  'ledger.malformed': { readonly key: string; readonly issues: readonly string[] };
  'ledger.inconsistent': { readonly key: string; readonly reason: string };
  'signature.failed': { readonly reason: string };
  'transaction.malformed': { readonly reason: string };
  'trade.illegal': { readonly mint: string; readonly from: string; readonly to: string };
};
export type FaultCode = keyof FaultContext;

/** The one class of thrown errors. `cause` is always passed on; `context` never holds a secret. */
export class Fault<Code extends FaultCode = FaultCode> extends Error {
  override readonly name = 'Fault';
  readonly code: Code;
  readonly context: FaultContext[Code];

  constructor(code: Code, context: FaultContext[Code], options?: { cause?: unknown }) {
    super(`${code}: ${JSON.stringify(context)}`, options);
    this.code = code;
    this.context = context;
  }
}

export const isFault = (error: unknown): error is Fault => error instanceof Fault;

/** One line for logs and reasons: never a stack, at most 200 characters. */
export function reasonOf(error: unknown): string {
  // A Fault's message already starts with its code.
  const text =
    error instanceof Fault || !(error instanceof Error)
      ? String(error instanceof Error ? error.message : error)
      : `${error.name}: ${error.message}`;
  return text.slice(0, 200);
}
