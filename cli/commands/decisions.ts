/** `npm run decisions`: the decisions table for people and for scripts. */
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { runCommand } from '../command.ts';
import { connect } from '../connection.ts';
import { dynamoDecisionIndex } from '../decision-index.ts';
import { DECISION_OPTIONS, decisionWish } from '../decision-options.ts';
import { printFollowed } from '../follow-decisions.ts';
import { type Output, compareShadows, decisionStats, listDecisions } from '../list-decisions.ts';
import { stackConfig, versionedStrategy } from '../stack-config.ts';
import { tellStory, tradeLines } from '../tell-story.ts';
import { terminalPaint } from '../terminal-paint.ts';
import { plain, terminalWidth } from '../terminal.ts';

await runCommand({
  help: `Usage: npm run decisions [-- OPTIONS]

Lists decisions, the newest first. Times are UTC.

What
  --verdict V      BUY, SKIP, WATCH or EXPIRED; several with commas
  --venue V        pump-fun, pump-swap, raydium-cpmm, …
  --creator A      address of the creator
  --min-score N    score of N (0 to 100) or more
  --reason TEXT    TEXT stands in a reason, whatever its case
  --veto RULE      SKIP by this rule, among others; or by "score" or "coverage"
  --since T        an age (30m, 24h, 7d) or a date (2026-11-20T10:00Z); without it the last 24 h
  --until T        likewise; without it, now
  --limit N        at most N rows; in a terminal 50 without it, elsewhere all
  --mint M         the whole story of a mint: each look, and why it came out so. The first
                   characters are enough for a mint decided on in the time asked for

How
  --follow         goes on with new rows as they come, the newest last; ends with Ctrl-C
  --stats          counts and latencies by verdict, refusing rule, venue and hour
  --compare        where the strategies of [shadow] say otherwise: counts, and the newest examples
                   (--limit of each)
  --scan           reads the whole index, not hour by hour: for spans of weeks; costs a read of each row
  --json           one JSON object a line; with --mint the whole decisions with their evidence
  --csv            RFC 4180, safe to open in a spreadsheet
  --stage S        of the deployed stage S; without it, of the local stack
  --help           prints this

Exit code: 0, also when nothing was found; 1 when no stack runs or a row cannot be read; 2 wrong usage.
In a pipe: npm run -s decisions -- --json | …
`,
  options: DECISION_OPTIONS,
  async run(options) {
    const wish = decisionWish(options, Date.now());
    const connection = await connect({ stage: wish.stage });
    const { dynamodb, where } = connection;
    const index = dynamoDecisionIndex(dynamodb, connection.output('DecisionsTable'));
    const width = terminalWidth();
    const output: Output = {
      write: (text) => process.stdout.write(text),
      note: (text) => process.stderr.write(`${plain(text)}\n`),
      width,
      isTerminal: process.stdout.isTTY,
      paint: terminalPaint,
    };
    switch (wish.mode) {
      case 'list':
        return listDecisions(index, wish, where, output);
      case 'stats':
        return decisionStats(index, wish, where, output);
      case 'compare':
        return compareShadows(index, wish, where, output);
      case 'follow': {
        const ending = new AbortController();
        process.once('SIGINT', () => ending.abort());
        process.once('SIGTERM', () => ending.abort());
        const timing = { clock: systemClock, pause: systemPause, signal: ending.signal };
        return printFollowed(index, wish, timing, output);
      }
      case 'story': {
        const strategy = versionedStrategy(stackConfig({ stage: wish.stage }));
        const tradeOf = tradeLines(dynamodb, connection.output, width);
        return tellStory(index, wish, { strategy, tradeOf }, output);
      }
    }
  },
});
