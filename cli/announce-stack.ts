import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { CloudParts } from '#infra/local/local-stack.ts';
import { LOCAL_STACK_FILE } from './connection.ts';

/** Writes down where the other commands find this run; `market` and `page` where there are any. */
export function announceStack(
  { cloud, configPath }: CloudParts,
  market?: { readonly url: string },
  page?: { readonly url: string },
): void {
  mkdirSync(dirname(LOCAL_STACK_FILE), { recursive: true });
  const { environment } = cloud;
  const outputs = Object.fromEntries(cloud.outputs);
  writeFileSync(
    LOCAL_STACK_FILE,
    JSON.stringify(
      { outputs, environment, market: market?.url, page: page?.url, configPath },
      null,
      2,
    ),
  );
}
