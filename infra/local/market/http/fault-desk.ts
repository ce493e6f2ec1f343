import * as z from 'zod';

import type { Random } from '../random.ts';
import { type Latency, UPSTREAMS, type Upstream, routeModel } from './upstream.ts';

export const FAULT_KINDS = ['down', 'slow', '429', 'garbage', 'hang', 'stale', 'none'] as const;

/**
 * A fault that somebody switched on. `down`: connections break; `slow`: latency times `factor`, or
 * plus `latencyMs`; `429`; `garbage`: HTML with status 200; `hang`: no answer; `stale`: tokens of the
 * last `staleMs` are unknown; `none`: ends the upstream's fault.
 */
export const faultSchema = z.object({
  upstream: z.enum([...UPSTREAMS, 'all']),
  kind: z.enum(FAULT_KINDS),
  /** Only routes of this name, e.g. `getTokenLargestAccounts` or `order`. */
  route: z.string().optional(),
  /** Share of the requests that are hit. */
  rate: z.number().min(0).max(1).default(1),
  /** How long the fault lasts; until `none` when absent. */
  durationMs: z.number().int().positive().optional(),
  factor: z.number().positive().default(10),
  latencyMs: z.number().nonnegative().optional(),
  staleMs: z.number().int().positive().default(60_000),
  retryAfterSeconds: z.number().int().nonnegative().default(1),
});
export type Fault = z.infer<typeof faultSchema>;
type Switched = Fault & { readonly endsAtMs: number };

/** What becomes of one request. */
export type Fate = {
  readonly delayMs: number;
  readonly kind: 'answer' | 'down' | 'unavailable' | '429' | 'garbage' | 'hang';
  readonly retryAfterSeconds: number;
};

export type FaultDeskOptions = {
  readonly random: Random;
  readonly now: () => number;
  /** Replaces every route's own latency. */
  readonly latency: { readonly [Part in keyof Latency]?: number | undefined };
  /** `real`: routes fail by themselves at their usual rates, in spells. */
  readonly faults: 'none' | 'real';
};

/** A bad spell: mean length, error rates and latency against the usual, share of the time (Gilbert's two states). */
const SPELL = { meanMs: 30_000, errorFactor: 20, latencyFactor: 5, meanGapMs: 1_200_000 };

/** Decides how long each request takes and what goes wrong with it. */
export class FaultDesk {
  readonly #options: FaultDeskOptions;
  readonly #faults: Switched[] = [];
  readonly #spells = new Map<Upstream, { bad: boolean; untilMs: number }>();

  constructor(options: FaultDeskOptions) {
    this.#options = options;
  }

  /** True when upstreams fail by themselves. */
  get isReal(): boolean {
    return this.#options.faults === 'real';
  }

  /** Switches a fault on, or with `none` all faults of the upstream off. */
  set(fault: Fault): void {
    if (fault.kind === 'none') {
      for (let at = this.#faults.length - 1; at >= 0; at -= 1) {
        const set = this.#faults[at];
        if (fault.upstream === 'all' || set?.upstream === fault.upstream)
          this.#faults.splice(at, 1);
      }
      return;
    }
    const { durationMs } = fault;
    const endsAtMs = durationMs === undefined ? Infinity : this.#options.now() + durationMs;
    this.#faults.push({ ...fault, endsAtMs });
  }

  list(): readonly Fault[] {
    return this.#active();
  }

  /** Milliseconds by which the upstream lags behind; 0 when it does not. */
  staleMs(upstream: Upstream): number {
    const stale = this.#active().filter(
      (fault) => fault.kind === 'stale' && hits(fault, upstream, undefined),
    );
    return Math.max(0, ...stale.map((fault) => fault.staleMs));
  }

  fate(upstream: Upstream, route: string): Fate {
    const { random, latency, faults } = this.#options;
    const model = routeModel(upstream, route);
    const spell = faults === 'real' && this.#isBadSpell(upstream);
    const medianMs = latency.medianMs ?? model.latency.medianMs;
    const sigma = latency.sigma ?? model.latency.sigma;
    let delayMs = medianMs === 0 ? 0 : random.logNormal(medianMs, sigma);
    if (spell) delayMs *= SPELL.latencyFactor;

    let kind: Fate['kind'] = 'answer';
    let retryAfterSeconds = 1;
    if (faults === 'real') {
      const factor = spell ? SPELL.errorFactor : 1;
      const draw = random.next() / factor;
      const { unavailable, hang, limited } = model.errors;
      if (draw < unavailable) kind = 'unavailable';
      else if (draw < unavailable + hang) kind = 'hang';
      else if (draw < unavailable + hang + limited) kind = '429';
    }
    for (const fault of this.#active()) {
      if (!hits(fault, upstream, route) || !random.chance(fault.rate)) continue;
      ({ retryAfterSeconds } = fault);
      if (fault.kind === 'slow') {
        delayMs =
          fault.latencyMs === undefined ? delayMs * fault.factor : delayMs + fault.latencyMs;
      } else if (fault.kind !== 'stale' && fault.kind !== 'none') {
        ({ kind } = fault);
      }
    }
    return { delayMs, kind, retryAfterSeconds };
  }

  #active(): readonly Switched[] {
    if (this.#faults.length === 0) return this.#faults;
    const now = this.#options.now();
    return this.#faults.filter(({ endsAtMs }) => endsAtMs > now);
  }

  #isBadSpell(upstream: Upstream): boolean {
    const { now, random } = this.#options;
    let spell = this.#spells.get(upstream);
    if (spell === undefined) {
      spell = { bad: false, untilMs: now() + random.exponential(1 / SPELL.meanGapMs) };
      this.#spells.set(upstream, spell);
    }
    if (now() > spell.untilMs) {
      spell.bad = !spell.bad;
      const meanMs = spell.bad ? SPELL.meanMs : SPELL.meanGapMs;
      spell.untilMs = now() + random.exponential(1 / meanMs);
    }
    return spell.bad;
  }
}

function hits(fault: Fault, upstream: Upstream, route: string | undefined): boolean {
  if (fault.upstream !== 'all' && fault.upstream !== upstream) return false;
  return fault.route === undefined || route === undefined || fault.route === route;
}
