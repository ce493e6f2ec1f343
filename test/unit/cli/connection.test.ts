import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { connect } from '#cli/connection.ts';

const file = (content: unknown): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'volley-')), 'local.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const local = (port: number) => ({
  outputs: { TradesTable: 'trades-1' },
  environment: {
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-central-1',
  },
});
async function listening<Result>(use: (port: number) => Promise<Result>): Promise<Result> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('a connection', () => {
  it('leads to the local stack that runs', async () => {
    await listening(async (port) => {
      const { dynamodb, output, where } = await connect({ localFile: file(local(port)) });
      expect(where).toBe('the local stack');
      expect(output('TradesTable')).toBe('trades-1');
      expect(() => output('Nothing')).toThrow('the local stack has no output Nothing');
      expect(await dynamodb.config.region()).toBe('eu-central-1');
      expect((await dynamodb.config.endpoint?.())?.port).toBe(port);
    });
  });

  it('says how to start a local stack when there is none', async () => {
    await expect(connect({ localFile: '/nowhere/local.json' })).rejects.toThrow(
      'no local stack is running: start it with `npm start`, or name a deployed stage with --stage',
    );
  });

  it('does not take the file of a stack that was killed for a running one', async () => {
    const closedPort = await listening(async (port) => port);
    await expect(connect({ localFile: file(local(closedPort)) })).rejects.toThrow(
      'no local stack is running',
    );
  });

  it.each([['{'], [{ outputs: 5 }]])(
    'says so when the file cannot be read: %j',
    async (content) => {
      await expect(connect({ localFile: file(content) })).rejects.toThrow('cannot be read');
    },
  );

  it('takes no name for a stage that could not be one', async () => {
    await expect(connect({ stage: '../x' })).rejects.toThrow('is no name of a stage');
  });
});
