import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

import * as z from 'zod';

import type { Invocation, LambdaError } from './environment.ts';

/** What the environment on the other side of a Runtime API says. */
export type RuntimeApiSignals = {
  readonly onNext: () => void;
  readonly onResponse: (requestId: string, payload: string) => void;
  readonly onError: (requestId: string, error: LambdaError) => void;
  readonly onInitError: (error: LambdaError) => void;
  /** CPU time of the environment since its start. */
  readonly onCpuMicroseconds: (microseconds: number) => void;
};

/** The Runtime API of one environment. */
export type RuntimeApi = {
  /** `host:port`, as `AWS_LAMBDA_RUNTIME_API` wants it. */
  readonly address: Promise<string>;
  /** Answers the waiting `next`. Only after `onNext`, and once for each. */
  readonly deliver: (invocation: Invocation) => void;
  readonly close: () => void;
};

const PREFIX = '/2018-06-01/runtime/';
const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * Serves the Runtime API to one environment.
 *
 * A listener for each, since `AWS_LAMBDA_RUNTIME_API` is host and port and nothing else tells one
 * environment from another. Source: Lambda Developer Guide, "runtime API for custom runtimes".
 */
export function serveRuntimeApi(signals: RuntimeApiSignals): RuntimeApi {
  let waiting: ServerResponse | undefined;

  function next(response: ServerResponse): void {
    waiting = response;
    signals.onNext();
  }

  async function post(path: string, incoming: IncomingMessage): Promise<number> {
    const body = await read(incoming);
    const [kind, requestId = '', part] = path.split('/');
    if (kind === 'init') signals.onInitError(parseError(body));
    else if (part === 'response') signals.onResponse(requestId, body);
    else if (part === 'error') signals.onError(requestId, parseError(body));
    else return 404;
    return 202;
  }

  const server = createServer((incoming, response) => {
    const cpu = incoming.headers['x-local-cpu-us'];
    if (typeof cpu === 'string') signals.onCpuMicroseconds(Number(cpu));
    const path = incoming.url?.slice(PREFIX.length) ?? '';
    if (incoming.method === 'GET' && path === 'invocation/next') {
      next(response);
      return;
    }
    post(path, incoming).then(
      (status) => response.writeHead(status, { 'content-length': '0' }).end(),
      // The environment went away in the middle of its answer: its exit tells the rest.
      () => response.destroy(),
    );
  });
  // Node closes idle keep-alive sockets after 5 s; an idle environment keeps its one for long.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;

  return {
    address: listen(server),
    deliver({ requestId, payload, deadlineMs, functionArn }) {
      const response = waiting;
      waiting = undefined;
      response
        ?.writeHead(200, {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(payload)),
          'lambda-runtime-aws-request-id': requestId,
          'lambda-runtime-deadline-ms': String(deadlineMs),
          'lambda-runtime-invoked-function-arn': functionArn,
        })
        .end(payload);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return `127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
}

function read(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => {
      text += chunk;
    });
    incoming.on('end', () => {
      resolve(text);
    });
    incoming.on('error', reject);
  });
}

function parseError(body: string): LambdaError {
  try {
    return errorSchema.parse(JSON.parse(body));
  } catch {
    // A runtime may report anything; what it said is all there is to tell.
    return { errorType: 'Runtime.Unknown', errorMessage: body };
  }
}
