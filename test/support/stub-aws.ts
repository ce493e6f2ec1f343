import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type StubAnswer, type StubServer, stubServer } from './stub-server.ts';

export type StubAws = StubServer & {
  /** A `local.json` that leads every AWS client of a command to the stub. */
  readonly localFile: string;
};

/** One endpoint for all of AWS: answers by the operation's name, such as `GetSecretValue`. */
export async function stubAws(
  answers: Readonly<Record<string, (input: Record<string, unknown>) => StubAnswer>>,
  extra: { readonly outputs?: Record<string, string>; readonly configPath?: string } = {},
): Promise<StubAws> {
  const server = await stubServer(({ headers, body }) => {
    const target = String(headers['x-amz-target']);
    const answer = answers[target.slice(target.lastIndexOf('.') + 1)];
    return answer === undefined
      ? { status: 400, body: { __type: 'UnknownOperationException', message: target } }
      : answer(JSON.parse(body) as Record<string, unknown>);
  });
  const localFile = join(mkdtempSync(join(tmpdir(), 'volley-')), 'local.json');
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: server.origin,
    AWS_ENDPOINT_URL_SQS: server.origin,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.origin,
  };
  const outputs = {
    DetectorUrl: 'https://detector.example/',
    TokensQueueUrl: `${server.origin}/000000000000/tokens`,
    DeadLetterQueueUrl: `${server.origin}/000000000000/dead`,
    StateTable: 'state',
    WebhookSecret: 'webhook-secret',
    UpstreamSecret: 'upstream-secret',
    ...extra.outputs,
  };
  const { configPath } = extra;
  writeFileSync(localFile, JSON.stringify({ outputs, environment, configPath }));
  return { ...server, localFile };
}
