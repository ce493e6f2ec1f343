import { setTimeout as pause } from 'node:timers/promises';

import type { LocalStack } from '#infra/local/local-stack.ts';
import { dynamoTradeLedger } from '#shared/adapters/aws/dynamo-trade-ledger.ts';

/** Beyond the time that positions are held: for the sells themselves. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 300;
const LAST_LOOK_MS = 3_000;

/**
 * Lets the exits function work until nothing is held but what is stuck. Its schedule starts it each
 * minute; a run that ends by itself does not wait for that.
 */
export async function closePositions(
  { cloud, dynamodb, output }: LocalStack,
  holdSeconds: number,
): Promise<void> {
  const ledger = dynamoTradeLedger({
    client: dynamodb,
    tradesTable: output('TradesTable'),
    stateTable: output('StateTable'),
  });
  const giveUpAtMs = Date.now() + holdSeconds * 1_000 + PATIENCE_MS;
  let watching: Promise<unknown> | undefined;
  while (Date.now() < giveUpAtMs) {
    const trades = await ledger.occupying(AbortSignal.timeout(5_000));
    if (trades.every(({ state }) => state === 'STUCK')) break;
    watching ??= cloud.invoke('exits', '{}').finally(() => {
      watching = undefined;
    });
    await pause(LOOK_MS);
  }
  // The look under way ends by itself when nothing is held; with stuck positions it would go on.
  await Promise.race([watching, pause(LAST_LOOK_MS)]);
}
