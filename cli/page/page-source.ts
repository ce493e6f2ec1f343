import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';

import type { TradingConfig } from '#config/trading-config.ts';
import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { listTrades, readBooks } from '#shared/adapters/aws/dynamo-trade-list.ts';
import { tradeOfItem } from '#shared/adapters/aws/trade-item.ts';
import type { Address } from '#shared/domain/address.ts';
import { cleanText } from '#shared/domain/clean-text.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { TRADES } from '#shared/domain/table-keys.ts';
import type { Trade } from '#shared/domain/trade.ts';
import { solOfLamports } from '#shared/domain/units.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import type { Connection } from '../connection.ts';
import { dynamoDecisionIndex } from '../decision-index.ts';
import { versionedStrategy } from '../stack-config.ts';
import { storyOf } from '../tell-story.ts';
import type { TimeSpan } from '../time-span.ts';
import { type FeedHub, feedHub } from './feed-hub.ts';
import { feedPage } from './feed-page.ts';
import { lookView } from './look-view.ts';
import type { About, FeedPage, Status, TokenView, TradeRow, Trades } from './protocol.ts';
import { tradeView } from './trade-view.ts';

/** All that the page shows. */
export type PageSource = {
  readonly about: About;
  readonly hub: FeedHub;
  readonly decisions: (span: TimeSpan, limit: number) => Promise<FeedPage>;
  readonly token: (mint: Address, signal: AbortSignal) => Promise<TokenView>;
  readonly trades: () => Promise<Trades>;
  readonly status: (signal: AbortSignal) => Promise<Status>;
};

/** What of a connection the page uses. */
type Reach = Pick<Connection, 'dynamodb' | 'sqs' | 'output' | 'where'>;

export type PageSourceOptions = {
  readonly connection: Reach;
  /** True when the chain is a local one, which no public explorer knows. */
  readonly localChain: boolean;
  /** Undefined when it is not known: limits and explanations are left out then. */
  readonly config: TradingConfig | undefined;
};

/** Reads the tables and queues of a connection, with the credentials that it carries. */
export function tablesPageSource({
  connection,
  localChain,
  config,
}: PageSourceOptions): PageSource {
  const { dynamodb: client, output, where } = connection;
  const index = dynamoDecisionIndex(client, output('DecisionsTable'));
  const tradesTable = output('TradesTable');
  const haltSwitch = dynamoHaltSwitch(client, output('StateTable'));
  const strategy = config === undefined ? undefined : versionedStrategy(config);
  return {
    about: { where, localChain, ...limitsOf(config) },
    hub: feedHub({ index, clock: systemClock, pause: systemPause }),
    decisions: async (span, limit) => feedPage(index, span, limit),

    async token(mint, signal) {
      const [{ decisions, unreadable }, trade] = await Promise.all([
        storyOf(index, mint),
        findTrade(client, tradesTable, mint, signal),
      ]);
      return {
        mint,
        looks: decisions.map((decision) => lookView(decision, strategy)),
        unreadable,
        trade: trade === undefined ? null : tradeView(trade),
      };
    },

    async trades() {
      const trades: TradeRow[] = [];
      const unreadable: string[] = [];
      for await (const trade of listTrades(client, tradesTable)) {
        if (trade.state === 'UNREADABLE') unreadable.push(cleanText(trade.mint, 44));
        else trades.push(tradeView(trade));
      }
      trades.sort((a, b) => b.claimedAt - a.claimedAt);
      const books = await readBooks(client, tradesTable, Date.now());
      return {
        trades,
        unreadable,
        books: { openPositions: books.openPositions, spentSol: solOfLamports(books.spentLamports) },
      };
    },

    async status(signal) {
      const [tokens, dead, halt] = await Promise.all([
        queueDepth(connection, 'TokensQueueUrl', signal),
        queueDepth(connection, 'DeadLetterQueueUrl', signal),
        haltSwitch.read(signal),
      ]);
      return {
        queued: tokens.waiting,
        inFlight: tokens.inFlight,
        delayed: tokens.delayed,
        deadLetters: dead.waiting,
        halt: { buys: halt.buys, exits: halt.exits, by: cleanText(halt.by, 200) },
        troubles: [...tokens.troubles, ...dead.troubles],
      };
    },
  };
}

/** The trade of a mint. @throws {Fault} `ledger.malformed` when the row is of another version. */
async function findTrade(
  client: DynamoDBClient,
  tradesTable: string,
  mint: Address,
  signal: AbortSignal,
): Promise<Trade | undefined> {
  const Key = { [TRADES.partitionKey]: { S: mint } };
  const command = new GetItemCommand({ TableName: tradesTable, Key, ConsistentRead: true });
  const { Item } = await client.send(command, { abortSignal: signal });
  return Item === undefined ? undefined : tradeOfItem(Item);
}

const limitsOf = (config: TradingConfig | undefined): Omit<About, 'where' | 'localChain'> => ({
  mode: config?.mode ?? null,
  poolSize: config?.parallel_processing.pool_size ?? null,
  maxOpenPositions: config?.limits.max_open_positions ?? null,
  dailySpendSol: config?.limits.daily_spend_sol ?? null,
});

type Depth = {
  readonly waiting: number | null;
  readonly inFlight: number | null;
  readonly delayed: number | null;
  readonly troubles: readonly string[];
};

const DEPTH = {
  waiting: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const satisfies Record<string, QueueAttributeName>;

/** Approximate, as SQS counts: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
async function queueDepth(
  { sqs, output }: Reach,
  name: 'TokensQueueUrl' | 'DeadLetterQueueUrl',
  signal: AbortSignal,
): Promise<Depth> {
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: output(name),
        AttributeNames: Object.values(DEPTH),
      }),
      { abortSignal: signal },
    );
    const count = (attribute: QueueAttributeName) => Number(Attributes[attribute] ?? 0);
    return {
      waiting: count(DEPTH.waiting),
      inFlight: count(DEPTH.inFlight),
      delayed: count(DEPTH.delayed),
      troubles: [],
    };
  } catch (error) {
    // The rest of the page needs no queue: it says what it could not read, and goes on.
    const trouble = `${name} cannot be read: ${cleanText(reasonOf(error), 200)}`;
    return { waiting: null, inFlight: null, delayed: null, troubles: [trouble] };
  }
}
