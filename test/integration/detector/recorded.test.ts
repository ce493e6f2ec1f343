import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { receiveWebhook } from '#functions/detector/webhook.ts';
import { tokenDetectedSchema } from '#shared/domain/detection.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { DETECTED_AT_MS } from '../../support/detections.ts';
import { memoryTokenCaps } from '../../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';

// Recordings of the chain are not ours to publish: where they are not at hand, these tests skip.
const recordings = '../shared/recorded';
const SECRET = 'secret';

async function deliver(files: readonly string[]) {
  const queue = memoryTokenQueue();
  const bodies = files.map((file): unknown =>
    JSON.parse(readFileSync(`${recordings}/${file}`, 'utf8')),
  );
  const outcome = await receiveWebhook(
    {
      queue,
      caps: memoryTokenCaps(),
      clock: { now: () => DETECTED_AT_MS },
      secret: SECRET,
      maxBodyBytes: 5_000_000,
      scope: { venues: new Set(VENUES), analyzeLaunches: true },
    },
    {
      method: 'POST',
      headers: { authorization: SECRET },
      body: Buffer.from(JSON.stringify(files.length === 1 ? bodies[0] : bodies.flat())),
    },
    new AbortController().signal,
  );
  return { outcome, messages: queue.messages };
}

describe.skipIf(!existsSync(recordings))('the webhook and recorded deliveries', () => {
  it.each([
    {
      file: 'solana-rpc/getTransaction.pumpfun-create_v2.json',
      opened: [{ venue: 'pump-fun', event: 'launch' }],
    },
    {
      file: 'solana-rpc/getTransaction.pumpfun-migrate-to-pumpswap.json',
      opened: [{ venue: 'pump-swap', event: 'migration' }],
    },
    {
      file: 'helius/transactionNotification.raydium-v4-initialize2.5yKpvmPa.json',
      opened: [{ venue: 'raydium-amm-v4', event: 'pool' }],
    },
    { file: 'helius/transactionNotification.raydium-v4-swap.json', opened: [] },
    { file: 'helius/webhook.raw.docs.json', opened: [] },
    { file: 'solana-rpc/getTransaction.pumpfun-buy_v2.json', opened: [] },
  ])('finds what $file opened', async ({ file, opened }) => {
    const { outcome, messages } = await deliver([file]);
    expect(outcome).toMatchObject({ kind: 'accepted', transactions: 1, unresolved: 0 });
    expect(messages).toMatchObject(opened);
    for (const message of messages) tokenDetectedSchema.parse(message);
  });

  it('finds the pools of a mixed list', async () => {
    const { outcome, messages } = await deliver([
      'solana-rpc/getTransaction.pumpfun-create_v2.json',
      'helius/webhook.raw.docs.json',
      'helius/transactionNotification.raydium-v4-initialize2.5yKpvmPa.json',
    ]);
    expect(outcome).toMatchObject({ transactions: 3 });
    expect(messages).toHaveLength(2);
  });

  it('says which webhook type to choose for an enhanced delivery', async () => {
    const { outcome } = await deliver(['helius/webhook.enhanced.docs-nft-sale.json']);
    expect(outcome).toMatchObject({
      kind: 'refused',
      status: 400,
      reason: expect.stringContaining('"raw"') as string,
    });
  });
});
