/** Counts of one function since its start. Times in milliseconds. */
export type FunctionStats = {
  readonly invocations: number;
  /** Failed invocations, timeouts and crashes among them. */
  readonly errors: number;
  readonly timeouts: number;
  readonly throttles: number;
  readonly coldStarts: number;
  /** Environments that are alive now. */
  readonly environments: number;
  readonly maxConcurrent: number;
  /** CPU time of all environments, starts included; 0 when they share one process. */
  readonly cpuMs: number;
  /** What Lambda bills: each invocation rounded up, and each start. */
  readonly billedMs: number;
  readonly initMs: readonly number[];
};
