import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { OnCloudEvent } from '../cloud-event.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import { PAYLOAD_LIMIT_BYTES } from '../lambda/invocation-outcome.ts';
import { type HttpResponse, functionUrlEvent, functionUrlResponse } from './function-url-event.ts';

/** Answers the requests of a function URL by invoking its function. Source: Lambda, "function URLs". */
export function functionUrlListener(
  pool: FunctionPool,
  onEvent: OnCloudEvent,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    answer(pool, incoming)
      .catch((error: unknown): HttpResponse => {
        onEvent({ type: 'cloudError', part: `URL of ${pool.spec.name}`, reason: String(error) });
        return message(502, 'Internal Server Error');
      })
      .then(({ status, headers, body }) => {
        outgoing.writeHead(status, { ...headers, 'content-length': body.length });
        // Whoever still sends a body that is refused already would hang on otherwise.
        if (!incoming.complete) incoming.resume();
        return outgoing.end(incoming.method === 'HEAD' ? undefined : body);
      })
      // The client has gone: there is nobody to answer.
      .catch(() => outgoing.destroy());
  };
}

async function answer(pool: FunctionPool, incoming: IncomingMessage): Promise<HttpResponse> {
  const body = await readBody(incoming);
  if (body === undefined) return message(413, 'Request Too Long');
  const event = JSON.stringify(
    functionUrlEvent({
      method: incoming.method ?? 'GET',
      url: incoming.url ?? '/',
      headers: incoming.headers,
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      body,
      requestId: randomUUID(),
      timeMs: Date.now(),
    }),
  );
  // The limit is on the invocation: base64 and escapes count.
  if (Buffer.byteLength(event) > PAYLOAD_LIMIT_BYTES) return message(413, 'Request Too Long');
  const outcome = await pool.invoke(event);
  switch (outcome.kind) {
    case 'throttled':
      return message(429, 'Rate Exceeded.');
    case 'failed':
      return { ...message(502, ''), body: Buffer.from('Internal Server Error') };
    case 'response':
      return functionUrlResponse(outcome.payload);
  }
}

/** `undefined` when it is larger than an invocation may be. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > PAYLOAD_LIMIT_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const message = (status: number, Message: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ Message })),
});
