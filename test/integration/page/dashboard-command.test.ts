import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeDecisionsTable } from '../../support/decisions-table.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

describe('npm run dashboard', () => {
  let database: TestDatabase;
  let directory: string;
  let stack: { outputs: Record<string, string>; environment: Record<string, string> };

  beforeAll(async () => {
    database = await testDatabase();
    directory = mkdtempSync(join(tmpdir(), 'volley-'));
    stack = {
      outputs: {
        DecisionsTable: await makeDecisionsTable(database.client),
        TradesTable: await database.table('mint'),
        StateTable: await database.table('id'),
      },
      environment: {
        AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
        AWS_ENDPOINT_URL_SQS: database.endpoint,
      },
    };
  });
  afterAll(async () => database.stop());

  /** Runs the command beside a stack; `whenServed` gets the page's address, then Ctrl-C follows. */
  const dashboard = async (
    local: object,
    args: readonly string[] = [],
    whenServed: (url: string) => Promise<void> = async () => undefined,
  ): Promise<Ended> => {
    const file = join(directory, `${Math.random()}.json`);
    writeFileSync(file, JSON.stringify(local));
    const child = spawn(process.execPath, ['cli/commands/dashboard.ts', ...args], {
      env: { ...process.env, VOLLEY_LOCAL_FILE: file, NO_COLOR: '1' },
    });
    let [out, err] = ['', ''];
    let served: Promise<void> | undefined;
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const url = /^the local stack: (http\S+)/.exec(out)?.[1];
      if (url !== undefined) {
        served ??= whenServed(url).finally(() => child.kill('SIGINT'));
      }
    });
    const [code] = (await once(child, 'close')) as [number | null];
    await served;
    return { code, out, err };
  };

  it('serves the page and its API until Ctrl-C', async () => {
    const got: unknown[] = [];
    const { code } = await dashboard(stack, [], async (url) => {
      const document = await fetch(url);
      const text = await document.text();
      got.push(document.headers.get('content-type'), text.includes('/page.js'));
      for (const path of ['page.js', 'style.css']) {
        got.push((await fetch(new URL(path, url))).headers.get('content-type'));
      }
      got.push(await (await fetch(new URL('api/decisions', url))).json());
      got.push(await (await fetch(new URL('api/status', url))).json());
    });
    expect(code).toBe(0);
    expect(got.slice(0, 5)).toEqual([
      'text/html; charset=utf-8',
      true,
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
      { rows: [], next: null, unreadable: 0 },
    ]);
    // The stack names no queue: it is said, and the rest is served.
    expect(got[5]).toMatchObject({
      queued: null,
      halt: { buys: 'halted' },
      troubles: [expect.stringContaining('TokensQueueUrl'), expect.anything()],
    });
  });

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, err } = await dashboard(stack, ['--port', String(port)]);
    other.close();
    expect(code).toBe(1);
    expect(err).toBe(
      `port ${port} is taken: choose another with --port, or leave --port out for a free one\n`,
    );
  });

  it('points at the page that npm start serves already', async () => {
    const page = 'http://127.0.0.1:8787/';
    const { code, out } = await dashboard({ ...stack, page });
    expect(code).toBe(0);
    expect(out).toBe(`npm start serves the page already: ${page}\n`);
  });

  it('refuses what is no port', async () => {
    const { code, err } = await dashboard(stack, ['--port', 'http']);
    expect(code).toBe(2);
    expect(err).toMatch(/^--port is "http"/);
  });
});
