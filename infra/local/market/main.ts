import { parseArgs } from 'node:util';

import * as z from 'zod';

import { marketOptionsSchema } from './market-options.ts';
import { type Market, startMarket } from './start-market.ts';

const HELP = `Solana chain, token market and upstream APIs in one process, for tests and demos.

  --port N          port on 127.0.0.1; 0 takes a free one (0)
  --seed TEXT       same seed, same tokens (1)
  --latency-ms M    median latency of every upstream call; 0 for none (each route's own)
  --sigma S         spread of the latencies, log-normal (each route's own)
  --faults KIND     none, or real: upstreams fail at their usual rates (none)
  --indexing KIND   instant, fast or real: how soon the APIs know a token (fast)
  --venues LIST     e.g. pump-fun=3,raydium-amm-v4=1: weights by venue or opening
  --noise SHARE     transactions that open nothing, for each that does (0.3)
  --duplicates P    share of the webhook bodies that are sent twice (0.02)

When ready it prints one line of JSON: {"ready":true,"port":N}. It ends on SIGTERM, on SIGINT, and
when its standard input closes.`;

/** `name=weight` pairs; a bare name weighs 1. */
function parseVenues(list: string | undefined): Record<string, number> | undefined {
  if (list === undefined) return undefined;
  const entries = list.split(',').map((item) => {
    const [name = '', weight = '1'] = item.split('=');
    return [name.trim(), Number(weight)] as const;
  });
  return Object.fromEntries(entries);
}

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      port: { type: 'string' },
      seed: { type: 'string' },
      'latency-ms': { type: 'string' },
      sigma: { type: 'string' },
      faults: { type: 'string' },
      indexing: { type: 'string' },
      venues: { type: 'string' },
      noise: { type: 'string' },
      duplicates: { type: 'string' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    process.exit(0);
  }
  return marketOptionsSchema.parse({
    port: number(values.port),
    seed: values.seed,
    latencyMs: number(values['latency-ms']),
    sigma: number(values.sigma),
    faults: values.faults,
    indexing: values.indexing,
    venues: parseVenues(values.venues),
    noise: number(values.noise),
    duplicateRate: number(values.duplicates),
  });
}

/** What went wrong before the market ran, in one sentence; the exit code says 2 for wrong usage. */
function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof z.ZodError) return { text: z.prettifyError(error), code: 2 };
  if (error instanceof RangeError || error instanceof TypeError) {
    return { text: error.message, code: 2 };
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return {
      text: 'the port is taken: another program listens there. Choose another with --port, or 0.',
      code: 1,
    };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 };
}

async function stop(market: Market): Promise<void> {
  await market.close();
  process.exit(0);
}

try {
  const market = await startMarket(readOptions());
  let stopping: Promise<void> | undefined;
  const onEnd = () => {
    stopping ??= stop(market);
  };
  process.on('SIGTERM', onEnd);
  process.on('SIGINT', onEnd);
  // The parent holds the other end: when it dies, however it dies, this ends too.
  process.stdin.on('end', onEnd).on('error', onEnd).resume();
  console.log(JSON.stringify({ ready: true, port: market.port }));
} catch (error) {
  const { text, code } = explain(error);
  console.error(`market: ${text}`);
  process.exitCode = code;
}
