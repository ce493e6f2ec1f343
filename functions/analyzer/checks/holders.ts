import { type FactsOf, failed, type Finding, known } from '#shared/domain/evidence.ts';
import { holderFacts, type Holding } from '#shared/domain/holder-facts.ts';
import type { TokenQuestions } from '../token-questions.ts';
import type { Check } from './check.ts';
import { settled } from './pending.ts';

/**
 * Who holds the supply: the largest token accounts with their owners (RugCheck's list stands in), and
 * how much of it was bought in the slot in which the pool opened.
 */
export const holders: Check<'holders'> = {
  async run(ask, publish) {
    const holdings = settled(ask.holdings());
    const accounts = await ask.accounts();
    if (accounts.status !== 'known') return accounts;
    // Asked while the owners are still read: both take two calls, one after the other.
    const first = settled(ask.firstBuyers());
    const { supply } = accounts.facts.mint;
    const listed = await holdings;
    const usable = listed.status === 'known' ? listed : ((await reported(ask)) ?? listed);
    if (usable.status !== 'known') return usable;

    const alone = measure(ask, supply, usable.facts);
    if (alone.status !== 'known') return alone;
    publish(alone.facts);
    const firstBuyers = await first;
    return firstBuyers.status === 'known'
      ? measure(ask, supply, usable.facts, new Set(firstBuyers.facts))
      : alone;
  },
};

function measure(
  { opening }: TokenQuestions,
  supply: bigint,
  holdings: readonly Holding[],
  firstBuyers?: ReadonlySet<string>,
): Finding<FactsOf<'holders'>> {
  if (supply === 0n) return failed('the supply is zero');
  const facts = holderFacts(opening, supply, holdings, firstBuyers);
  return facts === undefined ? failed('the holders hold more than the supply') : known(facts);
}

/** RugCheck's list; undefined while it is empty: not counted yet is no proof that nobody holds it. */
async function reported(ask: TokenQuestions): Promise<Finding<readonly Holding[]> | undefined> {
  const report = await settled(ask.riskReport());
  if (report.status !== 'known' || report.facts.holders.length === 0) return undefined;
  const { holders: owners } = report.facts;
  return known(owners.map(({ owner, amount }) => ({ owner, tokenAccount: null, amount })));
}
