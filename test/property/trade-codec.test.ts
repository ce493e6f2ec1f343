import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { itemOfTrade, tradeOfItem } from '#shared/adapters/aws/trade-item.ts';
import { TRADE_STATES, TRANSITIONS } from '#shared/domain/trade-states.ts';
import { bookChange, lostFees } from '#shared/domain/trade.ts';
import { MAX_U64 } from '#shared/domain/units.ts';
import { testPlan, testTrade } from '../support/trades.ts';

const u64 = fc.bigInt({ min: 0n, max: MAX_U64 });
const state = fc.constantFrom(...TRADE_STATES);

describe('trades', () => {
  it('come back from a row as they were written', () => {
    fc.assert(
      fc.property(
        state,
        fc.nat(),
        u64,
        u64,
        fc.nat(1_000_000),
        (in_, seed, stake, fee, version) => {
          const { transaction: _bytes, ...attempt } = testTrade('BUY_SIGNED', seed).inFlight;
          const trade = testTrade(in_, seed, {
            plan: testPlan({ stakeLamports: stake }),
            version: version + 1,
            attempts: [{ ...attempt, end: { kind: 'failed', reason: '6001', feeLamports: fee } }],
          });
          expect(tradeOfItem(itemOfTrade(trade))).toEqual(trade);
        },
      ),
    );
  });

  it('never give back more than their stake, nor a negative sum', () => {
    fc.assert(
      fc.property(state, u64, fc.array(u64, { maxLength: 5 }), (in_, stake, fees) => {
        const { transaction: _bytes, ...attempt } = testTrade('BUY_SIGNED', 1).inFlight;
        const trade = testTrade(in_, 1, {
          plan: testPlan({ stakeLamports: stake }),
          attempts: fees.map((feeLamports) => ({
            ...attempt,
            end: { kind: 'failed', reason: '6001', feeLamports },
          })),
        });
        const { releasedLamports } = bookChange(trade);
        expect(releasedLamports >= 0n).toBe(true);
        expect(releasedLamports <= stake).toBe(true);
        const lost = lostFees(trade);
        const left = in_ === 'ABANDONED' && lost < stake ? stake - lost : 0n;
        expect(releasedLamports).toBe(left);
      }),
    );
  });
});

describe('the table of transitions', () => {
  it('leads from the first state to every other', () => {
    const reached = new Set<string>(['BUY_INTENT']);
    for (const from of reached) {
      for (const to of TRANSITIONS[from as keyof typeof TRANSITIONS]) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(TRADE_STATES.toSorted());
  });

  it('ends nowhere but in the two final states', () => {
    const final = TRADE_STATES.filter((each) => TRANSITIONS[each].length === 0);
    expect(final).toEqual(['ABANDONED', 'CLOSED']);
  });

  it('never gives up what may have been sent or is held', () => {
    const lead = TRADE_STATES.filter((each) =>
      (TRANSITIONS[each] as readonly string[]).includes('ABANDONED'),
    );
    expect(lead).toEqual(['BUY_INTENT', 'BUY_FAILED', 'BUY_EXPIRED']);
  });
});
