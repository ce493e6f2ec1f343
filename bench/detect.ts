import { readFile } from 'node:fs/promises';

import { openingsInText } from '#functions/detector/openings-in-text.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { webhookBodies } from './webhook-bodies.ts';

export type DetectOptions = {
  /** Transactions to decode, over and over the same bodies. */
  readonly transactions?: number;
  /** Transactions in each generated body. */
  readonly transactionsPerBody?: number;
  /** Recorded bodies to decode as well, each by itself. */
  readonly files?: readonly string[];
};

/** How fast bodies are decoded: JSON text in, openings out, on one core. */
export type DetectFigures = {
  readonly transactions: number;
  /** By the clock. */
  readonly transactionsPerSecond: number;
  /** By processor time: the same however busy the machine is. */
  readonly transactionsPerCpuSecond: number;
  readonly megabytesPerSecond: number;
  readonly bytesPerTransaction: number;
  /** The longest time that one body took. */
  readonly slowestBodyMs: number;
  readonly openings: number;
  readonly unresolved: number;
  readonly refused: number;
};

export type DetectBench = {
  readonly generated: DetectFigures;
  /** Null when no files were named. */
  readonly recorded: DetectFigures | null;
};

/** Measures the detector's pure path; prints nothing. */
export async function benchDetect({
  transactions = 20_000,
  transactionsPerBody = 20,
  files = [],
}: DetectOptions = {}): Promise<DetectBench> {
  // More distinct bodies than caches hold; made before the clock starts.
  const generated = [...webhookBodies(40, transactionsPerBody)];
  const recorded = await Promise.all(files.map(async (file) => readFile(file, 'utf8')));
  return {
    generated: measured(generated, transactions),
    recorded: recorded.length === 0 ? null : measured(recorded, transactions),
  };
}

const venues = new Set(VENUES);

function measured(bodies: readonly string[], wanted: number): DetectFigures {
  // Once through all of them, so that what is measured is compiled.
  for (const body of bodies) openingsInText(body, venues);

  const totals = { transactions: 0, bytes: 0, openings: 0, unresolved: 0, refused: 0 };
  let slowestBodyMs = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let turn = 0; totals.transactions + totals.refused < wanted; turn += 1) {
    const body = bodies[turn % bodies.length] ?? '';
    const bodyStartedAt = performance.now();
    const found = openingsInText(body, venues);
    slowestBodyMs = Math.max(slowestBodyMs, performance.now() - bodyStartedAt);
    totals.transactions += found.transactions;
    totals.bytes += body.length;
    totals.openings += found.openings.length;
    totals.unresolved += found.unresolved.length;
    totals.refused += found.refused.length;
    // A body of nothing would never reach the number wanted.
    if (found.transactions + found.refused.length === 0) break;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { transactions, bytes, ...found } = totals;
  return {
    transactions,
    transactionsPerSecond: Math.round(transactions / seconds),
    transactionsPerCpuSecond: Math.round(transactions / ((user + system) / 1e6)),
    megabytesPerSecond: Math.round(bytes / 1e6 / seconds),
    bytesPerTransaction: Math.round(bytes / Math.max(1, transactions)),
    slowestBodyMs: Math.round(slowestBodyMs * 100) / 100,
    ...found,
  };
}
