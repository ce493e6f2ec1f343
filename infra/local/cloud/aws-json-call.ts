import { type Dispatcher, request } from 'undici';
import * as z from 'zod';

/** An error answer of an AWS JSON API: `type` is the exception's short name. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly type: string;

  constructor(target: string, type: string, message: string) {
    super(`${target}: ${type}: ${message}`);
    this.type = type;
  }
}

const failure = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** Where the calls go. */
export type AwsJsonTarget = {
  readonly endpoint: string;
  readonly region: string;
  /** The service prefix of `X-Amz-Target`, for example `DynamoDB_20120810`. */
  readonly service: string;
  readonly dispatcher?: Dispatcher;
};

/**
 * Calls an AWS API of the JSON 1.0 protocol and returns the raw answer.
 *
 * Raw and not by SDK: a stream's records reach a function in just this wire form, and a poll four
 * times a second should cost little. Emulators want a signature's form and do not check it.
 *
 * @throws {AwsCallError} when the service answers with an error.
 */
export async function awsJsonCall<Schema extends z.ZodType>(
  { endpoint, region, service, dispatcher }: AwsJsonTarget,
  operation: string,
  input: unknown,
  output: Schema,
  signal?: AbortSignal,
): Promise<z.output<Schema>> {
  const target = `${service}.${operation}`;
  const { statusCode, body } = await request(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0`,
    },
    body: JSON.stringify(input),
    ...(signal === undefined ? {} : { signal }),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  const answer: unknown = await body.json();
  if (statusCode === 200) return output.parse(answer);
  const { __type, message, Message } = failure.parse(answer);
  throw new AwsCallError(target, __type.split('#').at(-1) ?? __type, message ?? Message ?? '');
}
