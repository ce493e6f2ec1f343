export type EndpointOrderOptions = {
  readonly endpoints: number;
  /** Failures one after the other until an endpoint is asked last. */
  readonly failuresToDemote: number;
  /** How long it is asked last; then it is tried first again. */
  readonly demotedMs: number;
};

/** In which order equal endpoints are asked. */
export type EndpointOrder = {
  /** Indexes of all endpoints: as configured, those that failed lately behind the others. */
  readonly at: (nowMs: number) => readonly number[];
  readonly answered: (endpoint: number) => void;
  readonly failed: (endpoint: number, nowMs: number) => void;
};

/** Keeps an endpoint that hangs from costing every call its whole time-out. */
export function endpointOrder(options: EndpointOrderOptions): EndpointOrder {
  const configured = Array.from({ length: options.endpoints }, (_, index) => index);
  const failures = configured.map(() => 0);
  const demotedUntilMs = configured.map(() => -Infinity);
  const demoted = (endpoint: number, nowMs: number): boolean =>
    nowMs < (demotedUntilMs[endpoint] ?? -Infinity);

  return {
    at(nowMs) {
      if (!configured.some((endpoint) => demoted(endpoint, nowMs))) return configured;
      return [
        ...configured.filter((endpoint) => !demoted(endpoint, nowMs)),
        ...configured.filter((endpoint) => demoted(endpoint, nowMs)),
      ];
    },
    answered(endpoint) {
      failures[endpoint] = 0;
      demotedUntilMs[endpoint] = -Infinity;
    },
    failed(endpoint, nowMs) {
      const count = (failures[endpoint] ?? 0) + 1;
      failures[endpoint] = count;
      if (count >= options.failuresToDemote) demotedUntilMs[endpoint] = nowMs + options.demotedMs;
    },
  };
}
