import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { AwsException } from './aws-exception.ts';
import type { KeyStore } from './key-store.ts';
import type { SecretStore } from './secret-store.ts';

type Answer = { readonly status: number; readonly body: unknown };

/**
 * Speaks the AWS JSON 1.1 protocol for KMS and Secrets Manager on one endpoint: `X-Amz-Target`
 * tells which. Source: the services' Smithy models, protocol `awsJson1_1`.
 */
export function securityListener(keys: KeyStore, secrets: SecretStore): RequestListener {
  const services = new Map([
    ['TrentService', keys.operations],
    ['secretsmanager', secrets.operations],
  ]);

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const [service = '', operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    try {
      const run = services.get(service)?.[operation];
      if (run === undefined)
        throw new AwsException(
          'UnknownOperationException',
          `The local cloud does not know ${service}.${operation}.`,
        );
      return { status: 200, body: run(JSON.parse((await readText(incoming)) || '{}')) };
    } catch (error) {
      if (error instanceof AwsException)
        return { status: 400, body: { __type: error.type, message: error.message } };
      return { status: 500, body: { __type: 'InternalFailure', message: String(error) } };
    }
  }

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { status, body } = await answer(incoming);
    const text = JSON.stringify(body);
    outgoing
      .writeHead(status, {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': Buffer.byteLength(text),
        'x-amzn-requestid': randomUUID(),
      })
      .end(text);
  }

  return (incoming, outgoing) => {
    void respond(incoming, outgoing);
  };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += String(chunk);
  return text;
}
