import type { Address } from '#shared/domain/address.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { HaltState } from '#shared/domain/halt-state.ts';
import { dayKey } from '#shared/domain/trade-keys.ts';
import { type BreakerLimits, type Results, noResults, withResult } from '#shared/domain/results.ts';
import { OCCUPYING_STATES } from '#shared/domain/trade-states.ts';
import { type Trade, balanceChange, bookChange, mayMove } from '#shared/domain/trade.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';

/** The books and rows of a memory ledger, open to tests. */
export type MemoryTrades = {
  readonly rows: Map<Address, Trade>;
  readonly spent: Map<string, bigint>;
  openPositions: number;
  results: Results;
  /** Undefined: the switch was never set. */
  halt: HaltState | undefined;
};

export const emptyTrades = (halt: HaltState | undefined = runningSwitch): MemoryTrades => ({
  rows: new Map(),
  spent: new Map(),
  openPositions: 0,
  results: noResults,
  halt,
});

export const runningSwitch: HaltState = {
  buys: 'running',
  exits: 'running',
  changedAt: 1,
  by: 'test',
};

/** Breakers for tests that are about something else. */
export const neverTripping: BreakerLimits = {
  maxLossesInRow: 1_000_000,
  maxDrawdownLamports: 10n ** 18n,
  cooldownMs: 0,
};

/** The trade ledger in memory. Each call is one step: nothing happens in the middle of it. */
export const memoryTradeLedger = (
  memory: MemoryTrades,
  breakers: BreakerLimits = neverTripping,
): TradeLedger => ({
  async occupying() {
    return [...memory.rows.values()].filter(({ state }) => OCCUPYING_STATES.has(state));
  },

  async results() {
    return memory.results;
  },

  async find(mint) {
    return memory.rows.get(mint);
  },

  async claim(intent, limits) {
    const trade = memory.rows.get(intent.mint);
    if (trade !== undefined) return { outcome: 'duplicate', trade };
    const day = dayKey(intent.claimedAt);
    const spent = (memory.spent.get(day) ?? 0n) + intent.plan.stakeLamports;
    if (spent > limits.dailySpendLamports) return { outcome: 'refused', reason: 'budget' };
    if (memory.openPositions >= limits.maxOpenPositions) {
      return { outcome: 'refused', reason: 'positions' };
    }
    if (memory.halt?.buys !== 'running') return { outcome: 'refused', reason: 'halted' };
    const { tripped, coolUntil } = memory.results;
    if (tripped !== null || coolUntil > intent.claimedAt) {
      return { outcome: 'refused', reason: 'breaker' };
    }
    memory.rows.set(intent.mint, intent);
    memory.spent.set(day, spent);
    memory.openPositions += 1;
    return { outcome: 'claimed', trade: intent };
  },

  async move(from, to) {
    if (!mayMove(from.state, to.state) || from.mint !== to.mint) {
      throw new Fault('trade.illegal', { mint: from.mint, from: from.state, to: to.state });
    }
    const row = memory.rows.get(from.mint);
    if (row?.state !== from.state || row.version !== from.version) return { outcome: 'superseded' };
    const moved = { ...to, version: from.version + 1 };
    const { openPositions, releasedLamports } = bookChange(moved);
    const day = dayKey(moved.claimedAt);
    const spent = (memory.spent.get(day) ?? 0n) - releasedLamports;
    if (memory.openPositions + openPositions < 0 || spent < 0n) {
      throw new Fault('ledger.inconsistent', { key: from.mint, reason: 'the books lack it' });
    }
    memory.rows.set(from.mint, moved);
    if (moved.state === 'CLOSED') {
      const profit = balanceChange(moved);
      memory.results = withResult(memory.results, profit, breakers, moved.updatedAt);
    }
    memory.spent.set(day, spent);
    memory.openPositions += openPositions;
    return { outcome: 'moved', trade: moved };
  },
});
