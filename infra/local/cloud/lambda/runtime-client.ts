// The program of one execution environment: AWS's documented Runtime API on one side, the bundle's
// handler on the other. It runs in a process of its own and imports nothing but Node.
// Source: Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Context = Readonly<Record<string, unknown>>;
type Handler = (event: unknown, context: Context) => unknown;
type Headers = Readonly<Record<string, string>>;
type Answer = { readonly headers: Headers; readonly body: string };
type Call = (method: string, path: string, body?: string) => Promise<Answer>;

const env = process.env;
const [host = '', port = ''] = (env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');
let currentRequestId: string | undefined;

/**
 * A connection to the Runtime API for one call at a time.
 *
 * HTTP by hand: an environment handles too few invocations for Node's HTTP client to get compiled,
 * and twenty of them would spend more CPU on it than on the work. Answers have a content-length.
 */
function connectApi(): Call {
  const socket = connect(Number(port), host);
  socket.setNoDelay(true);
  let received: Buffer = Buffer.alloc(0);
  let waiting:
    | { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }
    | undefined;
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const headers = headersOf(received.toString('latin1', 0, headEnd));
    const end = headEnd + 4 + Number(headers['content-length'] ?? 0);
    if (received.length < end) return;
    const body = received.toString('utf8', headEnd + 4, end);
    received = received.subarray(end);
    waiting?.resolve({ headers, body });
  });
  const lost = (): void => {
    waiting?.reject(new Error('the Runtime API is gone'));
  };
  socket.on('error', lost).on('close', lost);
  return (method, path, body = '') => {
    const { user, system } = process.cpuUsage();
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      if (socket.destroyed) lost();
      socket.write(
        `${method} /2018-06-01/runtime${path} HTTP/1.1\r\n` +
          `host: ${host}:${port}\r\n` +
          // Ours: lets the local cloud say how much CPU each function took.
          `x-local-cpu-us: ${user + system}\r\n` +
          `content-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  };
}

function headersOf(head: string): Headers {
  const [, ...lines] = head.split('\r\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function errorBody(error: unknown): string {
  const failure = error instanceof Error ? error : new Error(String(error));
  return JSON.stringify({
    errorType: failure.name,
    errorMessage: failure.message,
    trace: (failure.stack ?? '').split('\n'),
  });
}

function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

async function loadHandler(): Promise<Handler> {
  const specifier = env['_HANDLER'] ?? '';
  const dot = specifier.lastIndexOf('.');
  const base = join(env['LAMBDA_TASK_ROOT'] ?? '', specifier.slice(0, dot));
  const file = ['.mjs', '.js', '.cjs'].map((end) => base + end).find((path) => existsSync(path));
  if (file === undefined)
    throw namedError('Runtime.ImportModuleError', `Error: Cannot find module '${base}'`);
  const module: unknown = await import(pathToFileURL(file).href);
  const handler: unknown = Reflect.get(Object(module), specifier.slice(dot + 1));
  if (!isHandler(handler))
    throw namedError(
      'Runtime.HandlerNotFound',
      `${specifier} is undefined or not exported as a function`,
    );
  // Node 24 on Lambda has no callbacks any more, and says so at start.
  if (handler.length >= 3)
    throw namedError(
      'Runtime.CallbackHandlerDeprecated',
      'Callback-based function handlers are not supported: use an async function handler',
    );
  return handler;
}

function contextOf(headers: Headers, requestId: string): Context {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

const exitAfterError = (): void => process.exit(129);

/** Reports an error that no handler caught, and ends as the real runtime does. */
function die(name: string, error: unknown): void {
  const body = errorBody(namedError(name, error instanceof Error ? error.message : String(error)));
  console.error(error);
  const path =
    currentRequestId === undefined ? '/init/error' : `/invocation/${currentRequestId}/error`;
  // The other connection may wait for its next invocation.
  connectApi()('POST', path, body).then(exitAfterError, exitAfterError);
}
process.on('uncaughtException', (error) => {
  die('Runtime.UncaughtException', error);
});
process.on('unhandledRejection', (error) => {
  die('Runtime.UnhandledPromiseRejection', error);
});

async function run(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    const requestId = String(headers['lambda-runtime-aws-request-id']);
    currentRequestId = requestId;
    let path = 'response';
    let answer: string;
    try {
      const event: unknown = JSON.parse(body);
      const result = await handler(event, contextOf(headers, requestId));
      answer = JSON.stringify(result) ?? 'null';
    } catch (error) {
      path = 'error';
      answer = errorBody(error);
      console.error(error);
    }
    await call('POST', `/invocation/${requestId}/${path}`, answer);
    currentRequestId = undefined;
  }
}

const call = connectApi();
// A Runtime API that is gone means that the local cloud is gone: nothing is left to do.
const handler = await loadHandler().catch(async (error: unknown) => {
  await call('POST', '/init/error', errorBody(error)).catch(() => undefined);
  return process.exit(1);
});
await run(handler).catch(() => process.exit(1));
