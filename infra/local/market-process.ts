import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

/** How the market is to behave. Left out: the latencies of real upstreams, no faults. */
export type MarketOptions = {
  readonly seed: number;
  /** Median and log-normal sigma of every upstream answer, in place of each one's own. */
  readonly latencyMs?: number | undefined;
  readonly sigma?: number | undefined;
  readonly port?: number | undefined;
};

export const ARRIVALS = ['burst', 'poisson', 'replay'] as const;

export type OpenOrder = {
  readonly tokens: number;
  readonly ratePerSecond?: number | undefined;
  readonly arrivals: (typeof ARRIVALS)[number];
};

const truthSchema = z.array(
  z.object({ mint: z.string(), pool: z.string(), archetype: z.string(), trap: z.boolean() }),
);
/** What is true of each token that the market has opened. */
export type MarketTruth = z.infer<typeof truthSchema>;

const statsSchema = z.looseObject({
  cpuMs: z.number(),
  requests: z.array(
    z.object({ upstream: z.string(), route: z.string(), requests: z.number() }).loose(),
  ),
});
export type MarketStats = z.infer<typeof statsSchema>;

const statusSchema = z.looseObject({ prepared: z.number(), opened: z.number() });
export type MarketStatus = z.infer<typeof statusSchema>;

/** The market: a Solana chain, tokens on it and the upstreams' APIs, as a process of its own. */
export type MarketProcess = {
  /** `http://127.0.0.1:<port>`; the upstreams lie below it. */
  readonly url: string;
  /** Where openings are to be told, as a webhook service would. */
  readonly registerWebhook: (url: string, authorization: string) => Promise<void>;
  /** Mints tokens, then opens their pools at the pace asked for; resolves when they are prepared. */
  readonly open: (order: OpenOrder) => Promise<void>;
  readonly truth: () => Promise<MarketTruth>;
  readonly stats: () => Promise<MarketStats>;
  readonly status: () => Promise<MarketStatus>;
  readonly stop: () => Promise<void>;
};

const readySchema = z.object({ ready: z.literal(true), port: z.number().int().positive() });

/** @throws {Error} with what the market said when it does not start. */
export async function startMarketProcess(options: MarketOptions): Promise<MarketProcess> {
  const entry = fileURLToPath(new URL('market/main.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, entry, ...flagsOf(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const port = await readyPort(child);
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/market/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`market ${path}: HTTP ${response.status} ${text.slice(0, 200)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    url,
    registerWebhook: async (webhookUrl, authorization) => {
      await ask('webhook', { url: webhookUrl, authorization });
    },
    open: async (order) => {
      await ask('open', order);
    },
    truth: async () => truthSchema.parse(await ask('truth')),
    stats: async () => statsSchema.parse(await ask('stats')),
    status: async () => statusSchema.parse(await ask('status')),
    stop: async () => stopChild(child),
  };
}

const flagsOf = ({ seed, latencyMs, sigma, port }: MarketOptions): string[] =>
  Object.entries({ seed, 'latency-ms': latencyMs, sigma, port }).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, String(value)],
  );

/** The port of its first line; what it says on stderr is the error when it ends before. */
async function readyPort(child: ChildProcess): Promise<number> {
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 50) said.push(text);
  });
  if (child.stdout === null) throw new Error('the market has no output');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(
        new Error(
          `the market did not start (exit ${code}): ${said.join('').trim().slice(0, 1_000)}`,
        ),
      ),
    );
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const ready = readySchema.safeParse(JSON.parse(line));
      if (ready.success) resolve(ready.data.port);
    });
  });
}

const STOP_PATIENCE_MS = 3_000;

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(patience);
}
