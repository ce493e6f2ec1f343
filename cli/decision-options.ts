import { isAddress } from '#shared/domain/address.ts';
import { type Verdict, VERDICTS } from '#shared/domain/decision.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { RULE_IDS } from '#functions/analyzer/synthesis/rules/index.ts';
import { CommandError } from './command-error.ts';
import { type DecisionFilter, SOFT_REFUSALS } from './decision-filter.ts';
import { type TimeSpan, parseTime } from './time-span.ts';

/** Options of `npm run decisions`, for `parseArgs`. */
export const DECISION_OPTIONS = {
  verdict: { type: 'string', multiple: true },
  venue: { type: 'string' },
  mint: { type: 'string' },
  creator: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  'min-score': { type: 'string' },
  reason: { type: 'string' },
  veto: { type: 'string' },
  limit: { type: 'string' },
  follow: { type: 'boolean' },
  stats: { type: 'boolean' },
  compare: { type: 'boolean' },
  scan: { type: 'boolean' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  stage: { type: 'string' },
} as const;

export type DecisionOptions = {
  [Name in keyof typeof DECISION_OPTIONS]?:
    | ((typeof DECISION_OPTIONS)[Name] extends { multiple: true }
        ? string[]
        : (typeof DECISION_OPTIONS)[Name]['type'] extends 'boolean'
          ? boolean
          : string)
    | undefined;
};

/** What a person asked for. */
export type DecisionWish = {
  readonly mode: 'list' | 'follow' | 'stats' | 'compare' | 'story';
  readonly format: 'text' | 'json' | 'csv';
  readonly filter: DecisionFilter;
  readonly span: TimeSpan;
  /** False when the span is only the default one. */
  readonly spanAsked: boolean;
  /** A whole address, or the beginning of one as the narrow table shows it. */
  readonly mint?: string | undefined;
  /** Undefined: no limit asked. */
  readonly limit?: number | undefined;
  readonly scan: boolean;
  readonly stage?: string | undefined;
};

const DEFAULT_SPAN_MS = 24 * 3_600_000;
/** How much of the past `--follow` begins with. */
const FOLLOW_SPAN_MS = 5 * 60_000;
/** Clocks of this machine and the cloud's differ a little: what is decided "later" is still now. */
const CLOCK_MARGIN_MS = 60_000;
const LEAST_PREFIX = 4;

const CONTRADICTIONS = [
  ['--json', '--csv'],
  ['--follow', '--stats'],
  ['--follow', '--mint'],
  ['--follow', '--scan'],
  ['--follow', '--until'],
  ['--stats', '--mint'],
  ['--stats', '--csv'],
  ['--stats', '--limit'],
  ['--mint', '--scan'],
  ['--compare', '--follow'],
  ['--compare', '--stats'],
  ['--compare', '--mint'],
  ['--compare', '--csv'],
] as const;

/** Understands the options. @throws {CommandError} wrong usage, in one sentence. */
export function decisionWish(options: DecisionOptions, nowMs: number): DecisionWish {
  const { json = false, csv = false, follow = false, stats = false, scan = false } = options;
  const { compare = false } = options;
  const asked = {
    '--json': json,
    '--csv': csv,
    '--follow': follow,
    '--stats': stats,
    '--compare': compare,
    '--scan': scan,
    '--mint': options.mint !== undefined,
    '--until': options.until !== undefined,
    '--limit': options.limit !== undefined,
  };
  for (const [one, other] of CONTRADICTIONS) {
    if (asked[one] && asked[other]) throw wrong(`${one} and ${other} do not go together`);
  }
  const { since, until } = options;
  const spanAsked = since !== undefined || until !== undefined;
  const untilMs =
    until === undefined ? nowMs + CLOCK_MARGIN_MS : parseTime(until, '--until', nowMs);
  const sinceMs =
    since === undefined
      ? defaultSince({ follow, scan, untilMs: until === undefined ? nowMs : untilMs })
      : parseTime(since, '--since', nowMs);
  if (sinceMs >= untilMs) throw wrong('--since is not before --until: nothing lies in between');
  return {
    mode: modeOf({ follow, stats, compare, story: options.mint !== undefined }),
    format: json ? 'json' : csv ? 'csv' : 'text',
    filter: filterOf(options),
    span: { sinceMs, untilMs },
    spanAsked,
    mint: options.mint === undefined ? undefined : mintOf(options.mint),
    limit: options.limit === undefined ? undefined : limitOf(options.limit),
    scan,
    stage: options.stage,
  };
}

function modeOf(
  of: Record<'follow' | 'stats' | 'compare' | 'story', boolean>,
): DecisionWish['mode'] {
  if (of.follow) return 'follow';
  if (of.stats) return 'stats';
  if (of.compare) return 'compare';
  return of.story ? 'story' : 'list';
}

function defaultSince(of: { follow: boolean; scan: boolean; untilMs: number }): number {
  if (of.scan) return 0;
  return of.untilMs - (of.follow ? FOLLOW_SPAN_MS : DEFAULT_SPAN_MS);
}

function filterOf({ venue, creator, reason, veto, ...options }: DecisionOptions): DecisionFilter {
  return {
    verdicts: verdictsOf(options.verdict),
    venue: venue === undefined ? undefined : oneOf('--venue', venue, [...VENUES, 'unknown']),
    creator: creator === undefined ? undefined : addressOf('--creator', creator),
    minScore: options['min-score'] === undefined ? undefined : scoreOf(options['min-score']),
    reason,
    veto: veto === undefined ? undefined : oneOf('--veto', veto, [...RULE_IDS, ...SOFT_REFUSALS]),
  };
}

/** `--verdict BUY,SKIP` and `--verdict BUY --verdict SKIP` are the same. */
function verdictsOf(named: readonly string[] | undefined): readonly Verdict[] {
  if (named === undefined) return VERDICTS;
  const wanted = named.flatMap((each) => each.split(',')).map((each) => each.trim().toUpperCase());
  for (const each of wanted) oneOf('--verdict', each, VERDICTS);
  return VERDICTS.filter((verdict) => wanted.includes(verdict));
}

function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw wrong(`${option} "${value}" is none of ${allowed.join(', ')}`);
}

function addressOf(option: string, value: string): string {
  if (isAddress(value)) return value;
  throw wrong(`${option} "${value}" is no address: base58 of 32 bytes, 32 to 44 characters`);
}

function mintOf(value: string): string {
  if (isAddress(value)) return value;
  // As copied from a table that was too narrow for the whole address.
  const beginning = value.replace(/(…|\.\.\.)$/, '');
  if (/^[1-9A-HJ-NP-Za-km-z]+$/.test(beginning) && beginning.length >= LEAST_PREFIX) {
    return beginning;
  }
  throw wrong(
    `--mint "${value}" is neither an address nor the first ${LEAST_PREFIX} or more characters of one`,
  );
}

function scoreOf(text: string): number {
  const score = Number(text);
  if (text.trim() !== '' && score >= 0 && score <= 100) return score;
  throw wrong(`--min-score "${text}" is no score: 0 to 100`);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw wrong(`--limit "${text}" is no number of rows: 1 or more`);
}

const wrong = (sentence: string): CommandError => new CommandError(sentence, { exitCode: 2 });
