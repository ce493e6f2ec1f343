/** An error as the Runtime API carries it. */
export type LambdaError = { readonly errorType: string; readonly errorMessage: string };

/** What came of one invocation inside an environment. */
export type EnvironmentAnswer =
  | { readonly kind: 'response'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: LambdaError }
  /** The environment ended before it answered. */
  | { readonly kind: 'exit'; readonly reason: string };

export type Invocation = {
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds of the epoch. */
  readonly deadlineMs: number;
  readonly functionArn: string;
};

/** What an environment tells its pool. */
export type EnvironmentSignals = {
  /** It asks for work: after its start, and after each answer. */
  readonly onReady: () => void;
  /** It is gone. `initError` is set when it never became ready. */
  readonly onExit: (reason: string, initError: LambdaError | undefined) => void;
};

/** One execution environment: it handles one invocation at a time. */
export type Environment = {
  /** Only after `onReady`, and once for each. */
  readonly invoke: (invocation: Invocation) => Promise<EnvironmentAnswer>;
  /** CPU time that it has used so far, in milliseconds; 0 where it cannot be told apart. */
  readonly cpuMs: () => number;
  /** Ends it, whatever it is doing. Resolves when it is gone. */
  readonly kill: () => Promise<void>;
};

export type StartEnvironment = (signals: EnvironmentSignals) => Environment;
