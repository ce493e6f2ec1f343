import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type OnCloudEvent, lineEvents } from '../cloud-event.ts';
import type {
  Environment,
  EnvironmentAnswer,
  EnvironmentSignals,
  Invocation,
  LambdaError,
  StartEnvironment,
} from './environment.ts';
import { type FunctionSpec, reservedVariables } from './function-spec.ts';

type Handler = (event: unknown, context: Readonly<Record<string, unknown>>) => unknown;
type Print = (chunk: string) => void;

/** Hosts every environment in this process. One at a time: it owns `process.env` and the output streams. */
export type InlineHost = {
  readonly environments: (spec: FunctionSpec) => StartEnvironment;
  /** Gives `process.env` and the output streams back. */
  readonly close: () => void;
};

/** Tells this host's imports from those of an earlier one in the same process. */
let environmentsStarted = 0;

/**
 * Imports each bundle once for each environment, all in this process: it measures the design
 * without the cost of processes. A timeout is reported but cannot end the code that runs into it.
 */
export function inlineHost(region: string, onEvent: OnCloudEvent): InlineHost {
  const before = { ...process.env };
  const printing = new AsyncLocalStorage<{ readonly stdout: Print; readonly stderr: Print }>();
  const restore = [
    capture(process.stdout, () => printing.getStore()?.stdout),
    capture(process.stderr, () => printing.getStore()?.stderr),
  ];
  // Who listens may print, too: that is not the function's output.
  const outside: OnCloudEvent = (event) => {
    printing.exit(onEvent, event);
  };
  // Bundles read the environment while they are imported, so only one may be at a time.
  let imports: Promise<unknown> = Promise.resolve();

  function load(spec: FunctionSpec, number: number): Promise<Handler> {
    const loading = imports.then(() => {
      Object.assign(
        process.env,
        spec.environment,
        reservedVariables(spec, region, `local/${number}`),
        // Time belongs to the host process, which has set its zone already.
        { TZ: before['TZ'] ?? 'UTC' },
      );
      return importHandler(spec, number);
    });
    imports = loading.catch(() => undefined);
    return loading;
  }

  return {
    environments: (spec) => (signals) => {
      environmentsStarted += 1;
      const number = environmentsStarted;
      const prints = {
        stdout: lineEvents(spec.name, 'stdout', outside),
        stderr: lineEvents(spec.name, 'stderr', outside),
      };
      const within = <Result>(run: () => Result): Result => printing.run(prints, run);
      return inlineEnvironment(
        spec,
        within(() => load(spec, number)),
        signals,
        within,
      );
    },
    close() {
      for (const undo of restore) undo();
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
}

function inlineEnvironment(
  spec: FunctionSpec,
  loading: Promise<Handler>,
  signals: EnvironmentSignals,
  within: <Result>(run: () => Result) => Result,
): Environment {
  let handler: Handler | undefined;
  let gone = false;
  let settle: ((answer: EnvironmentAnswer) => void) | undefined;

  function leave(reason: string, initError?: LambdaError): void {
    if (gone) return;
    gone = true;
    settle?.({ kind: 'exit', reason });
    // Its pool first reads the answer, as with a process.
    setImmediate(() => {
      signals.onExit(reason, initError);
    });
  }

  loading.then(
    (loaded) => {
      handler = loaded;
      return gone ? undefined : signals.onReady();
    },
    (error: unknown) => {
      leave('init error', lambdaError(error));
    },
  );

  async function call(invocation: Invocation): Promise<EnvironmentAnswer> {
    try {
      const event: unknown = JSON.parse(invocation.payload);
      const result = await within(() => handler?.(event, contextOf(spec, invocation)));
      return { kind: 'response', payload: JSON.stringify(result) ?? 'null' };
    } catch (error) {
      return { kind: 'error', error: lambdaError(error) };
    }
  }

  return {
    async invoke(invocation) {
      if (gone) return { kind: 'exit', reason: 'signal: SIGKILL' };
      const answer = await Promise.race([
        call(invocation),
        new Promise<EnvironmentAnswer>((resolve) => {
          settle = resolve;
        }),
      ]);
      settle = undefined;
      if (!gone)
        setImmediate(() => {
          if (!gone) signals.onReady();
        });
      return answer;
    },
    cpuMs: () => 0,
    kill() {
      leave('signal: SIGKILL');
      return Promise.resolve();
    },
  };
}

async function importHandler(
  { directory, handler }: FunctionSpec,
  number: number,
): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const base = join(directory, handler.slice(0, dot));
  const file = ['.mjs', '.js'].map((end) => base + end).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Cannot find module '${base}'`);
  // The query makes a module of its own of each environment, with its own top-level state.
  const module: unknown = await import(
    /* @vite-ignore */ `${pathToFileURL(file).href}?env=${number}`
  );
  const found: unknown = Reflect.get(Object(module), handler.slice(dot + 1));
  if (!isHandler(found)) throw new Error(`${handler} is undefined or not exported as a function`);
  if (found.length >= 3) {
    const error = new Error('Callback-based function handlers are not supported');
    error.name = 'Runtime.CallbackHandlerDeprecated';
    throw error;
  }
  return found;
}

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

function contextOf(
  spec: FunctionSpec,
  { requestId, deadlineMs, functionArn }: Invocation,
): Readonly<Record<string, unknown>> {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: spec.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(spec.memoryMb),
    logGroupName: `/aws/lambda/${spec.functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

function lambdaError(error: unknown): LambdaError {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message }
    : { errorType: 'Error', errorMessage: String(error) };
}

/** Sends what is written while `printOf` answers to that; everything else goes its usual way. */
function capture(stream: NodeJS.WriteStream, printOf: () => Print | undefined): () => void {
  const original = stream.write.bind(stream);
  type Done = (error?: Error | null) => void;
  stream.write = (chunk: string | Uint8Array, second?: BufferEncoding | Done, third?: Done) => {
    const print = printOf();
    if (print === undefined)
      return typeof second === 'string' ? original(chunk, second, third) : original(chunk, second);
    print(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = typeof second === 'function' ? second : third;
    if (done !== undefined) queueMicrotask(done);
    return true;
  };
  return () => {
    stream.write = original;
  };
}
