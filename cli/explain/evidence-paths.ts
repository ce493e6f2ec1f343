import type { FactorId } from '#config/trading-config.ts';
import { type Evidence, factsOf, known } from '#shared/domain/evidence.ts';
import { STABLE_MINTS } from '#shared/domain/venue.ts';

/** Where a factor's evidence is moved to. */
export type Direction = 'best' | 'worst';

/** The evidence with what one factor measures moved by `share` (0..1) of the way; pure. */
export type EvidencePath = (evidence: Evidence, share: number, to: Direction) => Evidence;

/** How each factor's evidence gets better or worse, all else left as it is. */
export const EVIDENCE_PATHS: { readonly [Id in FactorId]: EvidencePath } = {
  concentration(evidence, share, to) {
    const facts = factsOf(evidence.checks.holders.finding);
    if (facts === undefined) return evidence;
    return withFacts(evidence, 'holders', {
      ...facts,
      top10Bps: toward(facts.top10Bps, ends(to, 1_000, 10_000), share),
      // The largest holder gives up its share with the others.
      top1Bps: toward(facts.top1Bps, ends(to, 100, facts.top1Bps), share),
      concentrationIndex: toward(facts.concentrationIndex, ends(to, 100, 10_000), share),
    });
  },

  creator(evidence, share, to) {
    const holders = factsOf(evidence.checks.holders.finding);
    const organic = factsOf(evidence.checks.organic.finding);
    const moved =
      holders === undefined || holders.creatorBps === null
        ? evidence
        : withFacts(evidence, 'holders', {
            ...holders,
            creatorBps: toward(holders.creatorBps, ends(to, 0, 10_000), share),
          });
    if (organic === undefined || organic.devMints === null) return moved;
    // A developer's first token, besides those that graduated, is no failure.
    const unblemished = (organic.devMigrations ?? 0) + 1;
    const devMints = toward(organic.devMints, ends(to, unblemished, unblemished + 1_000), share);
    return withFacts(moved, 'organic', { ...organic, devMints });
  },

  liquidity(evidence, share, to) {
    const facts = factsOf(evidence.checks.liquidity.finding);
    if (facts === undefined) return evidence;
    const best = STABLE_MINTS.has(evidence.opening.quoteMint) ? 15_000e6 : 100e9;
    const reserve = toward(Number(facts.quoteReserve), ends(to, best, 0), share);
    return withFacts(evidence, 'liquidity', { ...facts, quoteReserve: BigInt(reserve) });
  },

  demand(evidence, share, to) {
    const facts = factsOf(evidence.checks.organic.finding);
    if (facts === undefined) return evidence;
    const { netBuyers, traders } = facts;
    return withFacts(evidence, 'organic', {
      ...facts,
      netBuyers: netBuyers === null ? null : toward(netBuyers, ends(to, 60, -10), share),
      traders: traders === null ? null : toward(traders, ends(to, 150, 0), share),
    });
  },

  rugcheck(evidence, share, to) {
    const facts = factsOf(evidence.checks.honeypot.finding);
    if (facts === undefined || facts.rugcheck.status !== 'known') return evidence;
    const { dangers, riskScore, ...report } = facts.rugcheck.facts;
    const left = to === 'best' ? Math.round(dangers.length * (1 - share)) : dangers.length;
    return withFacts(evidence, 'honeypot', {
      ...facts,
      rugcheck: known({
        ...report,
        riskScore: toward(riskScore, ends(to, 1, 100), share),
        dangers: dangers.slice(0, left),
      }),
    });
  },

  organic(evidence, share, to) {
    const facts = factsOf(evidence.checks.organic.finding);
    if (facts === undefined || facts.organicScore === null) return evidence;
    const organicScore = toward(facts.organicScore, ends(to, 70, 0), share);
    return withFacts(evidence, 'organic', { ...facts, organicScore });
  },

  social(evidence, share, to) {
    const facts = factsOf(evidence.checks.social.finding);
    if (facts === undefined) return evidence;
    const links = { twitter: facts.twitter, telegram: facts.telegram, website: facts.website };
    const names = ['twitter', 'telegram', 'website'] as const;
    const movable = names.filter((name) => (links[name] === null) === (to === 'best'));
    // The last link moves only with the whole way: each one is a step of its own.
    for (const name of movable.slice(0, Math.floor(movable.length * share + 1e-9))) {
      links[name] = to === 'best' ? 'linked' : null;
    }
    return withFacts(evidence, 'social', { ...facts, ...links });
  },
};

/** A measure's ends, of which the way leads to one. */
type Ends = { readonly best: number; readonly worst: number; readonly to: Direction };
const ends = (to: Direction, best: number, worst: number): Ends => ({ to, best, worst });

/** Whole numbers on the way to an end; what lies beyond that end already stays where it is. */
function toward(from: number, { best, worst, to }: Ends, share: number): number {
  const end = to === 'best' ? best : worst;
  const other = to === 'best' ? worst : best;
  if (end > other ? from >= end : from <= end) return from;
  return Math.round(from + (end - from) * share);
}

function withFacts<Id extends keyof Evidence['checks']>(
  evidence: Evidence,
  id: Id,
  facts: Extract<Evidence['checks'][Id]['finding'], { status: 'known' }>['facts'],
): Evidence {
  return {
    ...evidence,
    checks: { ...evidence.checks, [id]: { ...evidence.checks[id], finding: known(facts) } },
  };
}
