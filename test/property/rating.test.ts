import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type Rated,
  baseRate,
  brierScore,
  calibration,
  precision,
  precisionAt,
  recall,
} from '#cli/replay/rating.ts';

/** Few ranks, so that many are equal. */
const anyRated: fc.Arbitrary<Rated> = fc.record({
  rank: fc.integer({ min: 0, max: 3 }),
  forecast: fc.double({ min: 0, max: 1, noNaN: true }),
  bought: fc.boolean(),
  isGood: fc.boolean(),
});
const few = fc.array(anyRated, { minLength: 1, maxLength: 6 });
const many = fc.array(anyRated, { minLength: 1, maxLength: 60 });

function* ordersOf<Item>(items: readonly Item[]): Generator<Item[]> {
  if (items.length === 0) yield [];
  for (const [at, first] of items.entries()) {
    for (const rest of ordersOf(items.toSpliced(at, 1))) yield [first, ...rest];
  }
}
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('precision at k', () => {
  it('is the mean over every order in which the ranks do not fall', () => {
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 6 }), (rated, k) => {
        fc.pre(k <= rated.length);
        const precisions = [...ordersOf(rated)]
          .filter((order) =>
            order.every((each, at) => at === 0 || order[at - 1]!.rank >= each.rank),
          )
          .map((order) => order.slice(0, k).filter(({ isGood }) => isGood).length / k);
        expect(precisionAt(rated, k)).toBeCloseTo(mean(precisions), 10);
      }),
    );
  });

  it('of all is the base rate, and does not depend on the order given', () => {
    fc.assert(
      fc.property(many, (rated) => {
        expect(precisionAt(rated, rated.length)).toBeCloseTo(baseRate(rated)!, 10);
        const k = Math.ceil(rated.length / 2);
        expect(precisionAt(rated.toReversed(), k)).toBeCloseTo(precisionAt(rated, k)!, 10);
      }),
    );
  });

  it('is not told for more than there are', () => {
    expect(precisionAt([], 1)).toBeNull();
    expect(precisionAt([{ rank: 1, forecast: 1, bought: true, isGood: true }], 2)).toBeNull();
  });
});

describe('the Brier score', () => {
  it('is the mean squared distance, by the book', () => {
    fc.assert(
      fc.property(many, (rated) => {
        let sum = 0;
        for (const { forecast, isGood } of rated) {
          sum += isGood ? (1 - forecast) * (1 - forecast) : forecast * forecast;
        }
        expect(brierScore(rated)).toBeCloseTo(sum / rated.length, 10);
      }),
    );
  });

  it('is least, of all constant forecasts, at the base rate', () => {
    fc.assert(
      fc.property(many, fc.double({ min: 0, max: 1, noNaN: true }), (rated, constant) => {
        const at = (forecast: number) => brierScore(rated.map((each) => ({ ...each, forecast })))!;
        expect(at(baseRate(rated)!)).toBeLessThanOrEqual(at(constant) + 1e-12);
      }),
    );
  });

  it('falls apart into calibration and refinement when forecasts are equal inside each bin', () => {
    const tenths = many.map((rated) =>
      rated.map((each) => ({ ...each, forecast: Math.floor(each.forecast * 9.99) / 10 + 0.05 })),
    );
    fc.assert(
      fc.property(tenths, (rated) => {
        const parts = calibration(rated).map(
          ({ count, meanForecast, goodShare }) =>
            (count / rated.length) *
            ((meanForecast - goodShare) ** 2 + goodShare * (1 - goodShare)),
        );
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(brierScore(rated)!, 10);
      }),
    );
  });
});

describe('precision and recall', () => {
  it('count what they say', () => {
    fc.assert(
      fc.property(many, (rated) => {
        const bought = rated.filter((each) => each.bought);
        const good = rated.filter(({ isGood }) => isGood);
        const hits = bought.filter(({ isGood }) => isGood).length;
        const share = (of: number) => (of === 0 ? -1 : hits / of);
        expect(precision(rated) ?? -1).toBeCloseTo(share(bought.length), 10);
        expect(recall(rated) ?? -1).toBeCloseTo(share(good.length), 10);
      }),
    );
  });
});

describe('calibration', () => {
  it('puts each forecast into one bin, one inside its bounds', () => {
    fc.assert(
      fc.property(many, (rated) => {
        const bins = calibration(rated);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(rated.length);
        for (const { from, to, meanForecast } of bins) {
          expect(meanForecast).toBeGreaterThanOrEqual(from - 1e-12);
          expect(meanForecast).toBeLessThanOrEqual(to + 1e-12);
        }
      }),
    );
  });
});
