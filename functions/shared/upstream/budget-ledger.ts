/** How the requests of a second are dealt out. */
export type BudgetShape = {
  /** Requests that all holders together may make within any `windowMs`. */
  readonly units: number;
  readonly windowMs: number;
  /** Holders that are expected, at most. */
  readonly members: number;
  /** Units that each of them gets, whatever the others want. */
  readonly guaranteed: number;
};

/** Whoever holds `units` makes at most so many requests within any window, until `untilMs`. */
export type BudgetHolding = { readonly units: number; readonly untilMs: number };

/** Who may ask an upstream how often. Times are Unix milliseconds of the store's clock. */
export type BudgetLedger = {
  /** By holder. No units: waiting for some. */
  readonly holders: Readonly<Record<string, BudgetHolding>>;
  /** Units given back: what was asked with them last still counts. */
  readonly cooling: readonly BudgetHolding[];
};

export type BudgetAsk = {
  readonly holder: string;
  readonly wanted: number;
  readonly nowMs: number;
  /** How long the units are held. */
  readonly leaseMs: number;
};

export type BudgetGrant = {
  readonly units: number;
  /** Units that nobody holds or is to get first. */
  readonly spare: number;
  readonly ledger: BudgetLedger;
};

export const EMPTY_LEDGER: BudgetLedger = { holders: {}, cooling: [] };

/** By how much the clocks of two holders may differ after each was set by the store's. */
export const CLOCK_TOLERANCE_MS = 3_000;

/** Requests are whole: a window in which more than this share of one second's would be lost is too short. */
const MAX_ROUNDED_OFF = 0.05;

/**
 * The window is a second, or as many as give each member one request: sharing a smaller number
 * among more members needs a longer view.
 */
export function budgetShape(requestsPerSecond: number, members: number): BudgetShape {
  let windowSeconds = Math.max(1, Math.ceil(members / requestsPerSecond));
  const rounded = (): number => Math.floor(requestsPerSecond * windowSeconds + 1e-9);
  while (rounded() < requestsPerSecond * windowSeconds * (1 - MAX_ROUNDED_OFF)) windowSeconds += 1;
  const units = rounded();
  const guaranteed = Math.max(1, Math.floor(units / members));
  return { units, windowMs: windowSeconds * 1_000, members, guaranteed };
}

/**
 * Deals out units: never more than there are, counting those whose last use is less than a window
 * ago. A holder that wants more than its guaranteed part gets it from what nobody else is to get:
 * others that hold less than their part come first, and half of all is kept for those not yet here.
 * A holder that asks again may so be left with less, but never less than its part.
 */
export function grantBudget(
  ledger: BudgetLedger,
  { units, windowMs, members, guaranteed }: BudgetShape,
  { holder, wanted, nowMs, leaseMs }: BudgetAsk,
): BudgetGrant {
  const held = Object.entries(ledger.holders).filter(
    ([, { untilMs }]) => untilMs + windowMs + CLOCK_TOLERANCE_MS > nowMs,
  );
  const others = held.filter(([name]) => name !== holder);
  const own = held.find(([name]) => name === holder)?.[1].units ?? 0;
  const cooling = ledger.cooling.filter(({ untilMs }) => untilMs > nowMs);
  const available = units - sumOf(others.map(([, holding]) => holding)) - sumOf(cooling);
  const owed = others.reduce((sum, [, held]) => sum + Math.max(0, guaranteed - held.units), 0);
  const absent = Math.max(0, members - others.length - 1) * guaranteed;
  const spare = available - owed - Math.min(absent, Math.floor(units / 2));
  const granted = Math.max(0, Math.min(wanted, available, Math.max(guaranteed, spare)));

  const returned = { units: own - granted, untilMs: nowMs + windowMs + CLOCK_TOLERANCE_MS };
  return {
    units: granted,
    spare: Math.max(0, spare - granted),
    ledger: {
      holders: {
        ...Object.fromEntries(others),
        [holder]: { units: granted, untilMs: nowMs + leaseMs },
      },
      cooling: returned.units > 0 ? [...cooling, returned] : cooling,
    },
  };
}

const sumOf = (holdings: readonly BudgetHolding[]): number =>
  holdings.reduce((sum, { units }) => sum + units, 0);
