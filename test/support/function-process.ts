import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the bundle's handler for each event that the parent sends; says why it did not start. */
const HOST = `
const context = { functionName: 'test', getRemainingTimeInMillis: () => 60_000 };
try {
  const { handler } = await import(process.argv[2]);
  process.on('message', ({ id, event }) => {
    handler(event, context).then((result) => process.send({ id, result }));
  });
  process.send({ id: 0 });
} catch (error) {
  process.send({ id: 0, error: String(error?.message ?? error) });
}
`;

/** One Lambda environment: a process with its own bundle, configuration and environment. */
export type FunctionProcess<Event, Result> = {
  readonly invoke: (event: Event) => Promise<Result>;
  readonly stop: () => void;
};

/** Bundles a handler as the deployment does, into `directory`. */
export async function bundleFunction(entry: string, directory: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
  });
}

/** Starts the bundle in `directory`. Rejects with the message of what stopped its cold start. */
export async function startFunction<Event, Result>(
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<FunctionProcess<Event, Result>> {
  mkdirSync(directory, { recursive: true });
  const host = join(directory, 'host.mjs');
  writeFileSync(host, HOST);
  const child = fork(host, [join(directory, 'index.mjs')], {
    execPath: join(root, 'node_modules/.bin/node'),
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const answerTo = async (id: number): Promise<unknown> => {
    const pending = Promise.withResolvers<unknown>();
    waiting.set(id, pending);
    return pending.promise;
  };
  child.on('message', ({ id, result, error }: { id: number; result: unknown; error?: string }) => {
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(error));
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the function process ended'));
  });
  let invocations = 0;
  await answerTo(0);
  return {
    async invoke(event) {
      invocations += 1;
      const answer = answerTo(invocations);
      child.send({ id: invocations, event });
      return (await answer) as Result;
    },
    stop: () => void child.kill(),
  };
}
