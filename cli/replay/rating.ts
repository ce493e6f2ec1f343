/** How a way of deciding ranked one token, and what became of it. */
export type Rated = {
  /** Higher is better; refused ones lowest. */
  readonly rank: number;
  /** 0..1, as a forecast that the token is good. */
  readonly forecast: number;
  readonly bought: boolean;
  readonly isGood: boolean;
};

/**
 * Share of good ones among the `k` best ranked. Where equals stand across the border, the mean over
 * every order of them: no luck of sorting. Null without `k` tokens.
 */
export function precisionAt(rated: readonly Rated[], k: number): number | null {
  if (k < 1 || k > rated.length) return null;
  const ranked = [...rated].sort((a, b) => b.rank - a.rank);
  const border = ranked[k - 1]?.rank ?? 0;
  let above = 0;
  let goodAbove = 0;
  let equal = 0;
  let goodEqual = 0;
  for (const { rank, isGood } of ranked) {
    if (rank < border) break;
    if (rank > border) {
      above += 1;
      if (isGood) goodAbove += 1;
    } else {
      equal += 1;
      if (isGood) goodEqual += 1;
    }
  }
  return (goodAbove + ((k - above) * goodEqual) / equal) / k;
}

/** Mean squared distance of forecast and outcome: 0 is perfect, a constant half gives 0.25. */
export const brierScore = (rated: readonly Rated[]): number | null =>
  meanOf(rated, ({ forecast, isGood }) => (forecast - (isGood ? 1 : 0)) ** 2);

/** Share of good ones; what buying everything would hit. */
export const baseRate = (rated: readonly Rated[]): number | null =>
  meanOf(rated, ({ isGood }) => (isGood ? 1 : 0));

/** Share of good ones among the bought; null when none was. */
export const precision = (rated: readonly Rated[]): number | null =>
  baseRate(rated.filter(({ bought }) => bought));

/** Share of the good ones that were bought; null when none is good. */
export const recall = (rated: readonly Rated[]): number | null =>
  meanOf(
    rated.filter(({ isGood }) => isGood),
    ({ bought }) => (bought ? 1 : 0),
  );

/** Forecasts between two bounds, and how many of them came true. */
export type CalibrationBin = {
  readonly from: number;
  /** Exclusive, but for the last bin. */
  readonly to: number;
  readonly count: number;
  readonly meanForecast: number;
  readonly goodShare: number;
};

/** Forecast against outcome in ten bins of equal width; empty ones are left out. */
export function calibration(rated: readonly Rated[]): CalibrationBin[] {
  return Array.from({ length: 10 }, (_, bin) => bin).flatMap((bin) => {
    const inside = rated.filter(({ forecast }) => Math.min(9, Math.floor(forecast * 10)) === bin);
    const meanForecast = meanOf(inside, ({ forecast }) => forecast);
    const goodShare = baseRate(inside);
    return meanForecast === null || goodShare === null
      ? []
      : [{ from: bin / 10, to: (bin + 1) / 10, count: inside.length, meanForecast, goodShare }];
  });
}

function meanOf(rated: readonly Rated[], value: (each: Rated) => number): number | null {
  if (rated.length === 0) return null;
  return rated.reduce((sum, each) => sum + value(each), 0) / rated.length;
}
