/**
 * A stand-in for the AWS CLI in tests of the documentation: DynamoDB calls with the CLI's own way of
 * naming parameters, sent to AWS_ENDPOINT_URL_DYNAMODB; and the one stack output that it asks for.
 */
import { parseArgs } from 'node:util';

import * as z from 'zod';

import { awsJsonCall } from '#infra/local/cloud/aws-json-call.ts';

const { AWS_ENDPOINT_URL_DYNAMODB: endpoint = '', FAKE_TABLE: table = '' } = process.env;
const [service = '', operation = '', ...args] = process.argv.slice(2);

const pascal = (kebab: string): string =>
  kebab.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
const text = { type: 'string' } as const;

if (service === 'cloudformation') {
  process.stdout.write(`${table}\n`);
} else {
  const { values } = parseArgs({
    args,
    options: {
      'table-name': text,
      'index-name': text,
      'key-condition-expression': text,
      'filter-expression': text,
      'projection-expression': text,
      'expression-attribute-values': text,
      'expression-attribute-names': text,
      key: text,
      select: text,
      statement: text,
      'no-scan-index-forward': { type: 'boolean' },
    },
  });
  const { 'no-scan-index-forward': backward, ...members } = values;
  const input = Object.fromEntries(
    Object.entries(members).map(([name, value]): [string, unknown] => [
      pascal(name),
      value.startsWith('{') ? JSON.parse(value) : value,
    ]),
  );
  const answer = await awsJsonCall(
    { endpoint, region: 'us-east-1', service: 'DynamoDB_20120810' },
    pascal(operation),
    backward === true ? { ...input, ScanIndexForward: false } : input,
    z.unknown(),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
