import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { PageServer } from '#cli/page/page-server.ts';
import { startPage } from '#cli/page/start-page.ts';
import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { itemOfTrade } from '#shared/adapters/aws/trade-item.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { Trade } from '#shared/domain/trade.ts';
import { makeDecisionsTable, putDecisions } from './decisions-table.ts';
import { testDatabase } from './dynamodb-tables.ts';
import { stubServer } from './stub-server.ts';

/** The page over tables of its own, with queues whose depth a stub tells. */
export type PageStack = {
  readonly page: PageServer;
  readonly decide: (decisions: readonly Decision[]) => Promise<void>;
  readonly trade: (trade: Trade) => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type PageStackOptions = {
  /** Depths that the token queue tells: waiting and in flight. */
  readonly queued?: number;
  readonly inFlight?: number;
  readonly deadLetters?: number;
  readonly localChain?: boolean;
};

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const REGION = 'us-east-1';

/** Starts it all on free ports. */
export async function pageStack({
  queued = 0,
  inFlight = 0,
  deadLetters = 0,
  localChain = true,
}: PageStackOptions = {}): Promise<PageStack> {
  const database = await testDatabase();
  const queues = await stubServer(({ body }) => ({
    body: {
      Attributes: body.includes('/dead')
        ? { ApproximateNumberOfMessages: String(deadLetters) }
        : {
            ApproximateNumberOfMessages: String(queued),
            ApproximateNumberOfMessagesNotVisible: String(inFlight),
            ApproximateNumberOfMessagesDelayed: '0',
          },
    },
  }));
  const outputs = new Map([
    ['DecisionsTable', await makeDecisionsTable(database.client)],
    ['TradesTable', await database.table('mint')],
    ['StateTable', await database.table('id')],
    ['TokensQueueUrl', `${queues.origin}/000000000000/tokens`],
    ['DeadLetterQueueUrl', `${queues.origin}/000000000000/dead`],
  ]);
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined) throw new Error(`no output ${name}`);
    return value;
  };
  const sqs = new SQSClient({
    endpoint: queues.origin,
    region: REGION,
    credentials: CREDENTIALS,
    // The stub's answers carry no digest.
    md5: false,
  });
  const connection = {
    dynamodb: database.client,
    sqs,
    output,
    where: 'the local stack',
  };
  await dynamoHaltSwitch(database.client, output('StateTable')).set(
    { buys: 'running', exits: 'running', changedAt: Date.now(), by: 'the test' },
    AbortSignal.timeout(5_000),
  );
  const config = loadTradingConfig({ stage: 'test' });
  const page = await startPage({ connection, localChain, config, port: 0 });
  return {
    page,
    decide: async (decisions) => putDecisions(database.client, output('DecisionsTable'), decisions),
    async trade(trade) {
      const Item = itemOfTrade(trade);
      await database.client.send(new PutItemCommand({ TableName: output('TradesTable'), Item }));
    },
    async stop() {
      await page.stop();
      sqs.destroy();
      await queues.stop();
      await database.stop();
    },
  };
}
