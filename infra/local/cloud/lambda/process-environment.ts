import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

import { type OnCloudEvent, lineEvents } from '../cloud-event.ts';
import type {
  Environment,
  EnvironmentAnswer,
  EnvironmentSignals,
  LambdaError,
  StartEnvironment,
} from './environment.ts';
import { type FunctionSpec, reservedVariables } from './function-spec.ts';
import { serveRuntimeApi } from './runtime-api.ts';

/**
 * Writes the runtime client as plain JavaScript into a directory and returns the file: each
 * environment would otherwise strip the types again, which is most of its start.
 */
export function writeRuntimeClient(directory: string): string {
  const file = join(directory, 'runtime-client.mjs');
  const source = readFileSync(new URL('runtime-client.ts', import.meta.url), 'utf8');
  writeFileSync(file, stripTypeScriptTypes(source));
  return file;
}

/** The project's own Node (the version that Lambda has), else the one that runs this. */
function nodeBinary(): string {
  const windows = process.platform === 'win32';
  try {
    const home = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const binary = join(home, 'bin', windows ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : process.execPath;
  } catch {
    // The package is a development tool; without it the running Node has to do.
    return process.execPath;
  }
}

export type ProcessEnvironmentOptions = {
  readonly spec: FunctionSpec;
  readonly region: string;
  /** From `writeRuntimeClient`. */
  readonly runtimeClient: string;
  /** `undefined`: output is read and dropped. */
  readonly onEvent: OnCloudEvent | undefined;
};

/** Starts execution environments as processes of their own, over the Runtime API. */
export function processEnvironments(options: ProcessEnvironmentOptions): StartEnvironment {
  let started = 0;
  const node = nodeBinary();
  return (signals) => {
    started += 1;
    return startProcess(options, node, `local/${started}`, signals);
  };
}

function startProcess(
  { spec, region, runtimeClient, onEvent }: ProcessEnvironmentOptions,
  node: string,
  id: string,
  signals: EnvironmentSignals,
): Environment {
  let cpuMicroseconds = 0;
  let initError: LambdaError | undefined;
  let ready = false;
  let killed = false;
  let pending:
    | { readonly requestId: string; readonly resolve: (answer: EnvironmentAnswer) => void }
    | undefined;
  let child: ChildProcess | undefined;
  let exitReason: string | undefined;

  function settle(requestId: string | undefined, answer: EnvironmentAnswer): void {
    if (pending === undefined || (requestId !== undefined && requestId !== pending.requestId))
      return;
    const { resolve } = pending;
    pending = undefined;
    resolve(answer);
  }

  const api = serveRuntimeApi({
    onNext() {
      ready = true;
      signals.onReady();
    },
    onResponse(requestId, payload) {
      settle(requestId, { kind: 'response', payload });
    },
    onError(requestId, error) {
      settle(requestId, { kind: 'error', error });
    },
    onInitError(error) {
      initError = error;
    },
    onCpuMicroseconds(microseconds) {
      cpuMicroseconds = microseconds;
    },
  });

  async function live(): Promise<void> {
    const address = await api.address;
    const reason = killed ? 'stopped' : await run(address);
    exitReason = reason;
    api.close();
    settle(undefined, { kind: 'exit', reason });
    signals.onExit(reason, ready ? undefined : (initError ?? exitedAtStart(reason)));
  }

  /** Runs the process and returns why it ended. */
  function run(address: string): Promise<string> {
    const started = spawn(
      node,
      // Beyond its memory an environment dies, as on Lambda; so does the heap here.
      [`--max-old-space-size=${spec.memoryMb}`, runtimeClient],
      {
        cwd: spec.directory,
        // Detached: Ctrl-C is for the local cloud, which stops its environments in order.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          LANG: 'en_US.UTF-8',
          ...spec.environment,
          ...reservedVariables(spec, region, id),
          AWS_LAMBDA_RUNTIME_API: address,
        },
      },
    );
    child = started;
    forward(started, 'stdout');
    forward(started, 'stderr');
    return new Promise((resolve) => {
      started.once('error', (error) => {
        resolve(error.message);
      });
      started.once('exit', (code, signal) => {
        resolve(signal === null ? `exit status ${code}` : `signal: ${signal}`);
      });
    });
  }

  function forward(from: ChildProcess, stream: 'stdout' | 'stderr'): void {
    const source = from[stream];
    if (source === null) return;
    source.setEncoding('utf8');
    if (onEvent === undefined) source.resume();
    else source.on('data', lineEvents(spec.name, stream, onEvent));
  }

  const gone = live();

  return {
    invoke: (invocation) =>
      new Promise((resolve) => {
        // It may have ended between its last request and this one.
        if (exitReason !== undefined) {
          resolve({ kind: 'exit', reason: exitReason });
          return;
        }
        pending = { requestId: invocation.requestId, resolve };
        api.deliver(invocation);
      }),
    cpuMs: () => cpuMicroseconds / 1_000,
    async kill() {
      killed = true;
      child?.kill('SIGKILL');
      await gone;
    },
  };
}

const exitedAtStart = (reason: string): LambdaError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `Runtime exited during its start: ${reason}`,
});
