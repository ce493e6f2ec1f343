/** A problem to be told to the person at the terminal in one sentence, without a stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 1: found a problem. 2: wrong usage. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options?: { cause?: unknown; exitCode?: 1 | 2 }) {
    super(message, options);
    this.exitCode = options?.exitCode ?? 1;
  }
}
