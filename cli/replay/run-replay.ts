import type { Outcomes } from './outcomes.ts';
import { type Contender, opinionOf, storedOpinion } from './opinion.ts';
import { type RatingFigures, ratingTally } from './rate-outcomes.ts';
import type { ReplayLine } from './replay-line.ts';
import { type MoveFigures, type SideFigures, moveTally, sideTally } from './tally.ts';

export type ReplayOptions = {
  readonly strategy: Contender;
  /** Undefined: compared with what was decided at the time, where the lines say so. */
  readonly against?: Contender | undefined;
  readonly outcomes?: Outcomes | undefined;
  /** Examples kept of each kind of move. */
  readonly examples?: number;
};

export type ReplayFigures = {
  readonly lines: number;
  readonly decided: number;
  /** Looks that came too late, without evidence. */
  readonly expired: number;
  readonly unreadable: number;
  /** The first few that could not be read. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
  readonly strategy: SideFigures & { readonly name: string; readonly version: string };
  /** Null where there is nothing to compare with. */
  readonly against:
    | (SideFigures & MoveFigures & { readonly name: string; readonly version: string | null })
    | null;
  readonly rating: RatingFigures | null;
  /** Lines a second of one core's time: reading them, and deciding by all that is compared. */
  readonly parsedPerSecond: number | null;
  readonly decidedPerSecond: number | null;
};

/** A line not read yet, or one read elsewhere. */
export type ReplaySource = AsyncIterable<readonly (() => ReplayLine)[]>;

const PROBLEMS_KEPT = 5;
const EXAMPLES_KEPT = 3;

/** Decides again on every line; keeps counts only, and a few numbers of what is labelled. */
export async function runReplay(
  source: ReplaySource,
  { strategy, against, outcomes, examples = EXAMPLES_KEPT }: ReplayOptions,
  onProgress: (lines: number) => void = () => undefined,
): Promise<ReplayFigures> {
  const mine = sideTally();
  const others = sideTally();
  const moves = moveTally(examples);
  const rating = outcomes === undefined ? undefined : ratingTally(outcomes);
  const problems: { line: number; reason: string }[] = [];
  const counts = { lines: 0, decided: 0, expired: 0, unreadable: 0, compared: 0 };
  const spentMs = { parsing: 0, deciding: 0 };

  const take = (line: ReplayLine): void => {
    counts.lines += 1;
    if (line.kind === 'expired') counts.expired += 1;
    else if (line.kind === 'unreadable') {
      counts.unreadable += 1;
      if (problems.length < PROBLEMS_KEPT)
        problems.push({ line: counts.lines, reason: line.reason });
    } else {
      const { evidence, stored } = line;
      const opinion = opinionOf(evidence, strategy);
      const other =
        against === undefined ? stored && storedOpinion(stored) : opinionOf(evidence, against);
      counts.decided += 1;
      mine.add(opinion);
      if (other !== undefined) {
        counts.compared += 1;
        others.add(other);
        moves.add(evidence, other, opinion);
      }
      rating?.add(evidence, opinion, other);
    }
  };

  for await (const batch of source) {
    const startedAt = cpuMs();
    const lines = batch.map((read) => read());
    const readAt = cpuMs();
    for (const line of lines) take(line);
    spentMs.parsing += readAt - startedAt;
    spentMs.deciding += cpuMs() - readAt;
    onProgress(counts.lines);
  }

  const named = {
    strategy: strategy.name,
    against: counts.compared === 0 ? undefined : (against?.name ?? 'at the time'),
  };
  const { compared, ...counted } = counts;
  return {
    ...counted,
    problems,
    strategy: { name: strategy.name, version: strategy.strategy.version, ...mine.figures() },
    against:
      compared === 0
        ? null
        : {
            name: named.against ?? '',
            version: against?.strategy.version ?? null,
            ...others.figures(),
            ...moves.figures(),
          },
    rating: rating?.figures(named) ?? null,
    parsedPerSecond: perSecond(counts.lines, spentMs.parsing),
    decidedPerSecond: perSecond(counts.decided, spentMs.deciding),
  };
}

/** Processor time of this thread: the same however busy the machine is. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const perSecond = (count: number, ms: number): number | null =>
  count === 0 || ms === 0 ? null : Math.round((count * 1_000) / ms);
