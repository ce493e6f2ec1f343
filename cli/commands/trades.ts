/** `npm run trades`: the trades table for people and for scripts. */
import * as z from 'zod';

import {
  type UnreadableTrade,
  listTrades,
  readBooks,
} from '#shared/adapters/aws/dynamo-trade-list.ts';
import { readResults } from '#shared/adapters/aws/dynamo-trade-books.ts';
import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { isAddress } from '#shared/domain/address.ts';
import { OCCUPYING_STATES } from '#shared/domain/trade-states.ts';
import { type Trade, tradeSchema } from '#shared/domain/trade.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { connect } from '../connection.ts';
import { plain, tableLines } from '../terminal.ts';
import { TRADE_COLUMNS, sol, tradeRow, tradeTotals } from '../trade-rows.ts';

const claimedAt = (trade: Trade | UnreadableTrade): number =>
  trade.state === 'UNREADABLE' ? 0 : trade.claimedAt;

const jsonOf = (trade: Trade | UnreadableTrade): unknown =>
  trade.state === 'UNREADABLE' ? trade : z.encode(tradeSchema, trade);

await runCommand({
  help: `Usage: npm run trades [-- OPTIONS]

Lists trades, the newest last, with profit and loss, sums, and what the books say.
A profit is what came back less stake, fees, rent and failed attempts.

  --open        only those that hold a position, or may
  --mint MINT   only the trade of this mint
  --stage S     of the deployed stage S; without it, of the local stack
  --json        one JSON line a trade, amounts as strings of digits; no sums
  --help        prints this

Exit code: 0; 1 when a row or the table cannot be read; 2 wrong usage.
`,
  options: {
    open: { type: 'boolean' },
    mint: { type: 'string' },
    stage: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ open, mint, stage, json }) {
    if (mint !== undefined && !isAddress(mint)) {
      throw new CommandError(`"${mint}" is no mint address`, { exitCode: 2 });
    }
    const { dynamodb, output, where } = await connect({ stage });
    const tradesTable = output('TradesTable');

    const wanted = (trade: Trade | UnreadableTrade): boolean =>
      (mint === undefined || trade.mint === mint) &&
      // A row that cannot be read may hold a position.
      (open !== true || trade.state === 'UNREADABLE' || OCCUPYING_STATES.has(trade.state));
    const trades: (Trade | UnreadableTrade)[] = [];
    for await (const trade of listTrades(dynamodb, tradesTable)) {
      if (wanted(trade)) trades.push(trade);
    }
    trades.sort((a, b) => claimedAt(a) - claimedAt(b));
    const readable = trades.filter((trade) => trade.state !== 'UNREADABLE');

    if (json === true) {
      for (const trade of trades) process.stdout.write(`${JSON.stringify(jsonOf(trade))}\n`);
    } else {
      const now = Date.now();
      const books = await readBooks(dynamodb, tradesTable, now);
      const halt = await dynamoHaltSwitch(dynamodb, output('StateTable')).read(
        AbortSignal.timeout(5_000),
      );
      const results = await readResults(dynamodb, tradesTable, AbortSignal.timeout(5_000));
      const lines = [
        ...(trades.length === 0 ? [] : tableLines(TRADE_COLUMNS, trades.map(tradeRow))),
        ...tradeTotals(readable),
        `books: ${books.openPositions} positions taken, ${sol(books.spentLamports)} SOL spent of today's budget; ` +
          `buys ${halt.buys}, exits ${halt.exits} (${plain(halt.by)}); ${where}`,
        ...(results.tripped === null
          ? []
          : [`buys are stopped: ${results.tripped}. \`npm run resume\` lets them go on.`]),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    return readable.length === trades.length ? 0 : 1;
  },
});
