import type { Upstream } from './upstream.ts';

const KEPT_LATENCIES = 2_048;

type Line = { requests: number; faults: number; totalMs: number; latencies: number[] };

/** How often each route was asked, and how long its answers took. */
export class RequestStats {
  readonly #lines = new Map<string, Line>();

  /** `fault`: the request got something other than the route's own answer. */
  count(upstream: Upstream, route: string, latencyMs: number, fault: boolean): void {
    const key = `${upstream}/${route}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = { requests: 0, faults: 0, totalMs: 0, latencies: [] };
      this.#lines.set(key, line);
    }
    line.latencies[line.requests % KEPT_LATENCIES] = latencyMs;
    line.requests += 1;
    line.totalMs += latencyMs;
    if (fault) line.faults += 1;
  }

  /** One line for each route, in milliseconds; percentiles over the last 2,048 requests. */
  summary() {
    return [...this.#lines].map(([key, { requests, faults, totalMs, latencies }]) => {
      const sorted = latencies.toSorted((a, b) => a - b);
      const at = (share: number) =>
        Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1));
      const [upstream, route] = key.split('/', 2);
      const meanMs = Number((totalMs / requests).toFixed(1));
      return { upstream, route, requests, faults, meanMs, p50Ms: at(0.5), p95Ms: at(0.95) };
    });
  }
}
