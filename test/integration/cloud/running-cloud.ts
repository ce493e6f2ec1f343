import type { CloudEvent } from '#infra/local/cloud/cloud-event.ts';
import {
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
} from '#infra/local/cloud/local-cloud.ts';
import { type SmallAppStacks, writeSmallApp } from './small-app.ts';

/** A local cloud under test, with all that it told. */
export type RunningCloud = {
  readonly cloud: LocalCloud;
  readonly events: readonly CloudEvent[];
  /** What functions logged as JSON, in order. */
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
  /** Resolves when `done` holds; rejects after ten seconds, with the last events. */
  readonly until: (done: () => boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts a small app on a DynamoDB that runs already. */
export async function runCloud(
  stacks: SmallAppStacks,
  options: Partial<LocalCloudOptions> & { readonly dynamodbEndpoint: string },
): Promise<RunningCloud> {
  const app = writeSmallApp(stacks);
  const events: CloudEvent[] = [];
  const watchers = new Set<() => void>();
  const cloud = await startLocalCloud({
    environmentHost: 'process',
    assemblyDirectory: app.directory,
    ...options,
    onEvent(event) {
      events.push(event);
      for (const watch of watchers) watch();
    },
  }).catch((error: unknown) => {
    app.remove();
    throw error;
  });
  return {
    cloud,
    events,
    logged: () =>
      events.flatMap((event) =>
        event.type === 'log' && event.record !== undefined ? [event.record] : [],
      ),
    until: (done) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(limit);
          clearInterval(timer);
          watchers.delete(check);
          settle();
        };
        const check = (): void => {
          if (done()) end(resolve);
        };
        const limit = setTimeout(() => {
          const last = events.slice(-12).map((event) => JSON.stringify(event));
          end(() => {
            reject(new Error(`it never happened; the last events:\n${last.join('\n')}`));
          });
        }, 10_000);
        // Counts change without an event, too.
        const timer = setInterval(check, 20);
        watchers.add(check);
        check();
      }),
    async stop() {
      await cloud.stop();
      app.remove();
    },
  };
}
