/** `npm run detect -- FILE…`: the pools that recorded transactions opened, one JSON line each. */
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';

import { type OpeningsInText, openingsInText } from '#functions/detector/openings-in-text.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { plain } from '../terminal.ts';

const venues = new Set(VENUES);

const HELP = `Usage: npm run detect -- FILE…

Reads recorded transactions and prints the pools that they opened, one JSON line each on standard
output; a summary for people goes to standard error. "-" reads standard input.

A file holds one JSON value:
  a raw Helius webhook body         [{"transaction": …, "meta": …, "slot": …}, …]
  a getTransaction result           encodings json, jsonParsed, base64; with or without "result"
  a transactionNotification, or a block of getBlock or blockSubscribe

  --json   accepted as with the other commands: the output is JSON lines anyway
  --help   prints this

Exit code: 0 all was read, whether or not a pool opened in it; 1 a file, or a transaction in one,
could not be read; 2 wrong usage.
`;

await runCommand({
  help: HELP,
  options: { json: { type: 'boolean' } },
  positionals: true,
  run: async (_, files) => {
    if (files.length === 0)
      throw new CommandError(`Name at least one file, or "-" for standard input.\n\n${HELP}`, {
        exitCode: 2,
      });
    let allRead = true;
    for (const file of files) allRead = (await report(file)) && allRead;
    return allRead ? 0 : 1;
  },
});

/** Prints what one file held. False when some of it could not be read. */
async function report(file: string): Promise<boolean> {
  let text: string;
  try {
    text = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    process.stderr.write(`${plain(file)}: cannot be read: ${plain(reasonOf(error))}\n`);
    return false;
  }
  const found = openingsInText(text, venues);
  for (const { opening, signature, slot, blockTime } of found.openings)
    process.stdout.write(`${JSON.stringify({ file, signature, slot, blockTime, ...opening })}\n`);
  process.stderr.write(summaryOf(file, found));
  return found.refused.length === 0;
}

function summaryOf(file: string, found: OpeningsInText): string {
  const { transactions, failed, openings, unresolved, refused } = found;
  const read = `${counted(transactions, 'transaction')} read, ${failed} of them failed on chain`;
  return [
    `${plain(file)}: ${read}; ${counted(openings.length, 'pool')} opened`,
    ...openings.map(
      ({ opening: { event, venue, mint, pool } }) =>
        `  ${event} on ${venue}: mint ${mint}, pool ${pool}`,
    ),
    ...unresolved.map(
      ({ venue, instruction, reason, signature }) =>
        `  not told: ${venue} ${instruction} in ${signature}: ${reason}`,
    ),
    ...refused.map(({ index, reason }) => `  not read: element ${index}: ${plain(reason)}`),
    '',
  ].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
