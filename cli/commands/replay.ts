/** `npm run replay`: what was known at the time, decided again under another strategy. */
import { readFileSync } from 'node:fs';

import { loadStrategy } from '#config/load-strategy.ts';
import { strategyVersion } from '#config/strategy.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { positiveNumber } from '../command-arguments.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { connect } from '../connection.ts';
import { dynamoDecisionIndex } from '../decision-index.ts';
import { newestFirst } from '../decision-query.ts';
import { progressLine } from '../progress-line.ts';
import type { Contender } from '../replay/opinion.ts';
import { type Outcomes, parseOutcomes } from '../replay/outcomes.ts';
import { replayLines } from '../replay/print-replay.ts';
import { linesOf, storedLines } from '../replay/replay-sources.ts';
import { type ReplaySource, runReplay } from '../replay/run-replay.ts';
import { stackConfig, versionedStrategy } from '../stack-config.ts';
import { terminalWidth } from '../terminal.ts';
import { parseTime } from '../time-span.ts';

const HELP = `Usage: npm run replay -- FILE | --since T [OPTIONS]

Decides again on stored evidence, and shows how verdicts move and which rules refuse how many.
Nobody is asked anything and nothing is written.

What
  FILE               JSON lines: an evidence each (docs/evidence.schema.json), or a decision as
                     npm run -s decisions -- --json --mint M prints it; "-" reads standard input
  --since T          instead of FILE: the stored decisions since an age (30m, 24h) or a date
  --until T          likewise; without it, now
  --stage S          of the deployed stage S; without it, of the local stack

How
  --strategy A       preset (balanced, cautious, degen) or TOML file; without it, the configured one
  --against B        compares with B; without it, with what was decided at the time
  --outcomes FILE    CSV with a header, or JSON lines: mint, and label (good, bad) or multiple. Adds
                     precision, recall, Brier score and calibration beside trivial ways to decide
  --good-multiple N  a multiple of N or more is good (default 2)
  --examples N       examples of each kind of move (default 3)
  --json             all figures as one JSON object
  --help             prints this

Exit code: 0; 1 when some lines could not be read, or there were none; 2 wrong usage.
`;

await runCommand({
  help: HELP,
  options: {
    since: { type: 'string' },
    until: { type: 'string' },
    stage: { type: 'string' },
    strategy: { type: 'string' },
    against: { type: 'string' },
    outcomes: { type: 'string' },
    'good-multiple': { type: 'string' },
    examples: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  positionals: true,
  run: async (options, files) => {
    const { stage, since, until } = options;
    const [file, ...more] = files;
    if ((file === undefined) === (since === undefined) || more.length > 0) {
      throw wrong(`name one FILE, or --since T for the stored decisions\n\n${HELP}`);
    }
    if (until !== undefined && since === undefined) throw wrong('--until needs --since');
    const strategy = contender(options.strategy, stage);
    const against = options.against === undefined ? undefined : contender(options.against, stage);
    const outcomes = outcomesOf(
      options.outcomes,
      positiveNumber('--good-multiple', options['good-multiple']) ?? 2,
    );
    const source = file === undefined ? await stored({ since, until, stage }) : linesOf(file);
    const progress = progressLine();
    const figures = await runReplay(
      source,
      {
        strategy,
        against,
        outcomes,
        examples: positiveNumber('--examples', options.examples) ?? 3,
      },
      (lines) => progress.show(`${lines} lines`),
    );
    progress.clear();
    process.stdout.write(
      options.json
        ? `${JSON.stringify(figures)}\n`
        : `${replayLines(figures, terminalWidth()).join('\n')}\n`,
    );
    if (figures.lines === 0) process.stderr.write('there was nothing to decide on\n');
    return figures.lines === 0 || figures.unreadable > 0 ? 1 : 0;
  },
});

/** A preset or a file; without a name, what the stack is configured with. */
function contender(name: string | undefined, stage: string | undefined): Contender {
  if (name === undefined) {
    return { name: 'the configured strategy', strategy: versionedStrategy(stackConfig({ stage })) };
  }
  const strategy = loadStrategy(name);
  return { name, strategy: { strategy, version: strategyVersion(strategy) } };
}

function outcomesOf(path: string | undefined, goodMultiple: number): Outcomes | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CommandError(`--outcomes: ${reasonOf(cause)}`, { cause });
  }
  return parseOutcomes(text, goodMultiple);
}

async function stored(of: {
  since: string | undefined;
  until: string | undefined;
  stage: string | undefined;
}): Promise<ReplaySource> {
  const nowMs = Date.now();
  const span = {
    sinceMs: parseTime(of.since ?? '24h', '--since', nowMs),
    untilMs: of.until === undefined ? nowMs : parseTime(of.until, '--until', nowMs),
  };
  const { dynamodb, output } = await connect({ stage: of.stage });
  const table = output('DecisionsTable');
  const index = dynamoDecisionIndex(dynamodb, table);
  // What expired has no evidence.
  const items = newestFirst(index, { span, verdicts: ['BUY', 'SKIP', 'WATCH'] });
  return storedLines(dynamodb, table, items);
}

function wrong(sentence: string): CommandError {
  return new CommandError(sentence, { exitCode: 2 });
}
