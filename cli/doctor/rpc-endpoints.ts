import * as z from 'zod';

import { liveKeys } from '#infra/local/live/live-keys.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { isFault, reasonOf } from '#shared/domain/fault.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { plain } from '../terminal.ts';
import type { DoctorCheck } from './check.ts';

/** A slower endpoint takes its time out of every token's. */
const SLOW_MS = 800;

type Asked = { readonly line: string; readonly works: boolean; readonly slow: boolean };

/** Each configured RPC endpoint answers, and how fast. Hosts only: the rest of an address is the key. */
export const rpcEndpoints: DoctorCheck = {
  name: 'rpc',
  run: async ({ stage, config, keys }, signal) => {
    const { urls, timeout_ms: timeoutMs } = config().upstreams.rpc;
    const values = await keys();
    const { missing } = liveKeys({ upstreams: config().upstreams }, values);
    if (missing.length > 0) {
      return {
        // Without a stage nobody has said yet that the real endpoints are to be used.
        status: stage === undefined ? 'unknown' : 'bad',
        detail: `not asked: ${missing.join(', ')} has no value`,
        fix: 'put it into the upstream secret; on this machine, into an environment variable',
      };
    }
    const asked = await Promise.all(
      urls.map(async (url) => ask(fillPlaceholders(url, values), timeoutMs, signal)),
    );
    const working = asked.filter(({ works }) => works);
    const items = asked.length > 1 ? asked.map(({ line }) => line) : [];
    const detail =
      asked.length > 1 ? `${working.length} of ${asked.length} answer` : (asked[0]?.line ?? '');
    const fix =
      'check the address in [upstreams.rpc] and its key, and the status page of the provider';
    if (working.length === 0) return { status: 'bad', detail, items, fix };
    if (working.length < asked.length) return { status: 'warn', detail, items, fix };
    return working.some(({ slow }) => slow)
      ? { status: 'warn', detail, items, fix: 'an endpoint nearer to the functions decides sooner' }
      : { status: 'ok', detail, items };
  },
};

async function ask(url: string, timeoutMs: number, signal: AbortSignal): Promise<Asked> {
  const client = jsonClient({ upstream: 'rpc', url, timeoutMs });
  const { host } = new URL(url);
  try {
    const rpc = rpcClient({ clients: [client] });
    // The first call opens the connection; the second is what a token sees.
    await rpc.call('getSlot', [{ commitment: 'confirmed' }], signal);
    const startMs = performance.now();
    const slot = z.number().parse(await rpc.call('getSlot', [{ commitment: 'confirmed' }], signal));
    const ms = Math.round(performance.now() - startMs);
    return { line: `${host}: slot ${slot} in ${ms} ms`, works: true, slow: ms > SLOW_MS };
  } catch (error) {
    const why = isFault(error) && 'reason' in error.context ? error.context.reason : undefined;
    return { line: `${host}: ${plain(why ?? reasonOf(error))}`, works: false, slow: false };
  } finally {
    await client.close();
  }
}
