/** What was started, to be stopped in reverse order. */
export type StopStack = {
  readonly push: (stop: () => Promise<void>) => void;
  /** Stops everything, whatever fails on the way; the first failure is thrown at the end. Runs once. */
  readonly run: () => Promise<void>;
};

export function stopStack(): StopStack {
  const stops: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const stop of stops.splice(0).toReversed()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    push(stop) {
      stops.push(stop);
    },
    run: () => (running ??= stopAll()),
  };
}
