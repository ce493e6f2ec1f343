import type { IncomingMessage, ServerResponse } from 'node:http';

import * as z from 'zod';

import type { OnCloudEvent } from '../cloud-event.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { type LoopbackServer, startLoopbackServer } from '../loopback-server.ts';
import { functionUrlListener } from '../sources/function-url.ts';
import type { PlayedResource, StackModel } from '../template/stack-model.ts';

const urlProperties = z.object({
  AuthType: z.string(),
  InvokeMode: z.literal('BUFFERED').default('BUFFERED'),
  TargetFunctionArn: z.string(),
});

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** The function URLs: they listen before their functions are known, since functions may name them. */
export type FunctionUrls = {
  /** Lets requests through to the functions, by name and by ARN. */
  readonly connect: (pools: ReadonlyMap<string, FunctionPool>, onEvent: OnCloudEvent) => void;
  readonly stop: () => Promise<void>;
};

export async function listenForFunctionUrls(model: StackModel): Promise<FunctionUrls> {
  const listeners = new Map<PlayedResource, Listener>();
  const servers: LoopbackServer[] = [];
  for (const resource of model.resources('AWS::Lambda::Url')) {
    const server = await startLoopbackServer((incoming, outgoing) => {
      const listener = listeners.get(resource);
      if (listener === undefined) outgoing.writeHead(503).end();
      else listener(incoming, outgoing);
    });
    servers.push(server);
    model.identify(resource, {
      ref: server.origin,
      attributes: { FunctionUrl: `${server.origin}/`, FunctionArn: '' },
    });
  }
  return {
    connect(pools, onEvent) {
      for (const resource of model.resources('AWS::Lambda::Url')) {
        const { AuthType, TargetFunctionArn } = urlProperties.parse(resource.properties());
        const pool = pools.get(TargetFunctionArn);
        if (pool === undefined || AuthType !== 'NONE')
          throw new LocalCloudError(
            `Function URL ${resource.logicalId}: the local cloud plays AuthType NONE for a function of the template.`,
          );
        listeners.set(resource, functionUrlListener(pool, onEvent));
      }
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
