import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { awsJsonCall } from '../aws-json-call.ts';
import { LocalCloudError } from '../local-cloud-error.ts';

const START_LIMIT_MS = 60_000;
const PROBE_INTERVAL_MS = 50;
const STOP_LIMIT_MS = 3_000;
/** DynamoDB Local 1.25 is compiled for Java 11. */
const OLDEST_JAVA = 11;

/** A DynamoDB endpoint (tables and streams on one port). */
export type DynamoDbEndpoint = {
  readonly endpoint: string;
  /** Whether this run started it: then its tables die with it. */
  readonly owned: boolean;
  readonly stop: () => Promise<void>;
};

/** Starts DynamoDB Local in memory. Port 0 takes a free one. */
export async function startDynamoDbLocal(port = 0): Promise<DynamoDbEndpoint> {
  checkJava(javaVersion());
  const chosen = port === 0 ? await freePort() : port;
  if (port !== 0) await checkPortIsFree(port);
  const directory = join(
    dirname(createRequire(import.meta.url).resolve('amplify-dynamodb-simulator/package.json')),
    'emulator',
  );
  const child = launch(directory, chosen);
  const endpoint = `http://127.0.0.1:${chosen}`;
  try {
    await answers(endpoint, child);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { endpoint, owned: true, stop: () => stop(child) };
}

/** Refuses a Java that is missing (`undefined`) or too old, with the way out. */
export function checkJava(version: number | undefined): void {
  if (version !== undefined && version >= OLDEST_JAVA) return;
  const found = version === undefined ? 'Java was not found' : `Java ${version} is too old`;
  throw new LocalCloudError(
    `${found}, and DynamoDB Local needs Java ${OLDEST_JAVA} or newer: install it ` +
      '(Debian: apt-get install openjdk-17-jre-headless, macOS: brew install openjdk@17), ' +
      'or start any DynamoDB elsewhere and set DYNAMODB_ENDPOINT=http://host:port.',
  );
}

/** The major version of what `java -version` prints; `undefined` when there is none. */
export function parseJavaVersion(printed: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(printed) ?? [];
  if (first === undefined) return undefined;
  // Before Java 9 the version began with "1.".
  return first === '1' && second !== undefined ? Number(second) : Number(first);
}

/** The major version of the Java on the path; `undefined` when there is none. */
export function javaVersion(): number | undefined {
  const { stderr, stdout, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return error === undefined ? parseJavaVersion(`${stderr}${stdout}`) : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = z.object({ port: z.number() }).parse(server.address());
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return address.port;
}

async function checkPortIsFree(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  }).catch((cause: unknown) => {
    throw new LocalCloudError(
      `Port ${port} for DynamoDB Local is taken: free it, choose another, or set DYNAMODB_ENDPOINT to what listens there.`,
      { cause },
    );
  });
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

function launch(directory: string, port: number): ChildProcess {
  const java = [
    // A short-lived server on few cores: the cheap collector, and the fast compiler only.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Xmx512m',
    `-Djava.library.path=${join(directory, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(directory, 'DynamoDBLocal.jar'),
    '-inMemory',
    // One data set whatever credentials and region a client has, so that any client can look in.
    '-sharedDb',
    '-disableTelemetry',
    '-port',
    String(port),
  ];
  const windows = process.platform === 'win32';
  // It leaves a file with its installation's id wherever it is started.
  const cwd = tmpdir();
  // The JVM outlives a parent that is killed outright, so a shell waits on our end of its stdin
  // and takes the JVM along when that closes, however we died.
  const script =
    'exec 3<&0; java "$@" </dev/null & jvm=$!; (cat <&3 >/dev/null; kill $jvm 2>/dev/null) & wait $jvm';
  return windows
    ? spawn('java', java, { cwd, stdio: ['pipe', 'ignore', 'ignore'] })
    : // Detached: Ctrl-C is for us, who stop the parts in their order.
      spawn('sh', ['-c', script, 'dynamodb-local', ...java], {
        cwd,
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
      });
}

/**
 * Resolves when DynamoDB answers a real request: the JVM stays up when it could not bind its port,
 * so the process being alive says nothing.
 */
async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_LIMIT_MS;
  const target = { endpoint, region: 'us-east-1', service: 'DynamoDB_20120810' };
  let last: unknown;
  while (Date.now() < until) {
    if (child.exitCode !== null)
      throw new LocalCloudError(`DynamoDB Local ended at once (exit code ${child.exitCode}).`);
    try {
      await awsJsonCall(target, 'ListTables', {}, z.object({ TableNames: z.array(z.string()) }));
      return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, PROBE_INTERVAL_MS);
    });
  }
  throw new LocalCloudError(
    `DynamoDB Local did not answer on ${endpoint} within ${START_LIMIT_MS / 1000} s: is the port taken?`,
    { cause: last },
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.stdin?.end();
  if (process.platform === 'win32') child.kill();
  const limit = setTimeout(() => {
    // The whole group: the shell, its watcher and the JVM.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, STOP_LIMIT_MS);
  await exited;
  clearTimeout(limit);
}
