import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import { tradeOfItem } from '#shared/adapters/aws/trade-item.ts';
import { type Address, isAddress } from '#shared/domain/address.ts';
import { type Decision, VERDICTS, decisionSchema } from '#shared/domain/decision.ts';
import { TRADES } from '#shared/domain/table-keys.ts';
import type { VersionedStrategy } from '#functions/analyzer/synthesis/synthesize.ts';
import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';
import { matches } from './decision-filter.ts';
import type { DecisionIndex } from './decision-index.ts';
import type { DecisionWish } from './decision-options.ts';
import { CSV_HEADER, csvOfRow } from './decision-print.ts';
import { newestFirst } from './decision-query.ts';
import { rowOfDecision, rowOfItem } from './decision-row.ts';
import { explainDecision } from './explain-decision.ts';
import type { Output } from './list-decisions.ts';
import { storyLines } from './story-lines.ts';
import { tableLines } from './terminal.ts';
import { TRADE_COLUMNS, tradeRow } from './trade-rows.ts';

export type StoryOptions = {
  readonly strategy: VersionedStrategy | undefined;
  /** Lines on what became of a BUY; none where nothing was traded. */
  readonly tradeOf: (mint: Address) => Promise<readonly string[]>;
};

/** Prints all looks at one mint with their explanations. Resolves with the exit code. */
export async function tellStory(
  index: DecisionIndex,
  wish: DecisionWish,
  { strategy, tradeOf }: StoryOptions,
  output: Output,
): Promise<0 | 1> {
  const mint = await wholeMint(index, wish);
  const { decisions, unreadable } = await storyOf(index, mint);
  const wanted = decisions.filter((decision) => isWanted(decision, wish)).slice(0, wish.limit);
  if (wanted.length === 0) {
    const there =
      decisions.length === 0
        ? 'no look at it is stored'
        : `its ${decisions.length} looks are others`;
    output.note(`nothing found of mint ${mint}: ${there}`);
  }
  if (wish.format === 'csv') output.write(CSV_HEADER);
  if (wish.format === 'text') {
    const [header = '', ...looks] = storyLines(wanted, output.width);
    const lines = [output.paint.bold(header), ...looks];
    if (looks.length > 0) output.write(`${lines.join('\n')}\n\n\n`);
  }
  for (const [at, decision] of wanted.entries()) {
    if (wish.format === 'json') output.write(`${jsonOfDecision(decision)}\n`);
    else if (wish.format === 'csv') output.write(csvOfRow(rowOfDecision(decision)));
    else {
      const lines = explainDecision(decision, { strategy, ...output });
      output.write(`${at === 0 ? '' : '\n\n'}${lines.join('\n')}\n`);
    }
  }
  if (wish.format === 'text' && wanted.length > 0) {
    const trade = await tradeOf(mint);
    if (trade.length > 0) output.write(`\n${trade.join('\n')}\n`);
  }
  if (unreadable > 0) output.note(`${unreadable} rows of ${mint} could not be read`);
  return unreadable > 0 ? 1 : 0;
}

/** A whole decision with its evidence as JSON; amounts as strings of digits. */
export const jsonOfDecision = (decision: Decision): string =>
  JSON.stringify(z.encode(decisionSchema, decision));

/** All looks at a mint, the oldest first. */
export async function storyOf(
  index: DecisionIndex,
  mint: string,
): Promise<{ decisions: Decision[]; unreadable: number }> {
  const items = await index.looks(mint);
  const decisions = items.flatMap((item) => {
    try {
      return [decisionOfItem(item)];
    } catch {
      // Counted below: a row of another version must not hide the others.
      return [];
    }
  });
  decisions.sort((a, b) => a.decidedAt - b.decidedAt);
  return { decisions, unreadable: items.length - decisions.length };
}

const isWanted = (decision: Decision, { filter, span, spanAsked }: DecisionWish): boolean =>
  matches(rowOfDecision(decision), filter) &&
  (!spanAsked || (decision.decidedAt >= span.sinceMs && decision.decidedAt < span.untilMs));

/** The mint that begins with what was typed, among those decided in the span. */
async function wholeMint(
  index: DecisionIndex,
  { mint = '', span }: DecisionWish,
): Promise<Address> {
  if (isAddress(mint)) return mint;
  const found = new Set<string>();
  for await (const item of newestFirst(index, { span, verdicts: VERDICTS })) {
    const row = rowOfItem(item);
    if (row?.mint.startsWith(mint) === true) found.add(row.mint);
  }
  const [only, another] = found;
  if (only === undefined || !isAddress(only)) {
    throw new CommandError(
      `no mint that begins with ${mint} was decided on in that time: give the whole address, or --since 7d`,
    );
  }
  if (another === undefined) return only;
  throw new CommandError(
    `${found.size} mints begin with ${mint}: ${[...found].slice(0, 5).join(', ')}`,
  );
}

/** Reads the trade of a mint for people. */
export const tradeLines =
  (dynamodb: DynamoDBClient, output: Connection['output'], width: number) =>
  async (mint: Address): Promise<readonly string[]> => {
    const Key = { [TRADES.partitionKey]: { S: mint } };
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: output('TradesTable'), Key }),
    );
    if (Item === undefined) return [];
    const lines = tableLines(TRADE_COLUMNS, [tradeRow(tradeOfItem(Item))], width);
    return ['Trade', ...lines.map((line) => `  ${line}`)];
  };
