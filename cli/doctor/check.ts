import type { TradingConfig } from '#config/trading-config.ts';
import type { Connection } from '../connection.ts';

/** `warn`: it works, but something is given away. `unknown`: it could not be looked at. */
export type CheckStatus = 'ok' | 'warn' | 'bad' | 'unknown';

export type CheckResult = {
  readonly status: CheckStatus;
  /** What was found, in one line; never a secret. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Further lines, such as one for each account. */
  readonly items?: readonly string[];
};

/** What the checks look at. Each part is made once, when the first check asks for it. */
export type DoctorContext = {
  /** The deployed stage; undefined: this machine. */
  readonly stage: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @throws {Fault} `config.invalid` */
  readonly config: () => TradingConfig;
  /** @throws {CommandError} when there is no stack to connect to. */
  readonly connection: () => Promise<Connection>;
  /** The upstreams' keys, as the functions of the stack get them, or from the environment. */
  readonly keys: () => Promise<Readonly<Record<string, string>>>;
};

/** One thing that has to be in order. A check that throws has not found out: `unknown`. */
export type DoctorCheck = {
  readonly name: string;
  readonly run: (context: DoctorContext, signal: AbortSignal) => Promise<CheckResult>;
};
