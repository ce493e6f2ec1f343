import { type FactsOf, failed, type Finding, known } from '#shared/domain/evidence.ts';
import { holderFacts, type Holding } from '#shared/domain/holder-facts.ts';
import type { TokenQuestions } from '../token-questions.ts';
import type { Check } from './check.ts';
import { settled } from './pending.ts';

/** Who holds the supply: the largest token accounts with their owners; RugCheck's list stands in. */
export const holders: Check<'holders'> = {
  async run(ask) {
    const [accounts, holdings] = await Promise.all([ask.accounts(), settled(ask.holdings())]);
    if (accounts.status !== 'known') return accounts;
    const { supply } = accounts.facts.mint;
    if (holdings.status === 'known') return measure(ask, supply, holdings.facts);
    const reported = await reportedHoldings(ask);
    return reported === undefined ? holdings : measure(ask, supply, reported);
  },
};

function measure(
  { opening }: TokenQuestions,
  supply: bigint,
  holdings: readonly Holding[],
): Finding<FactsOf<'holders'>> {
  if (supply === 0n) return failed('the supply is zero');
  const facts = holderFacts(opening, supply, holdings);
  return facts === undefined ? failed('the holders hold more than the supply') : known(facts);
}

/** RugCheck's list; undefined while it is empty: not counted yet is no proof that nobody holds it. */
async function reportedHoldings(ask: TokenQuestions): Promise<readonly Holding[] | undefined> {
  const report = await settled(ask.riskReport());
  if (report.status !== 'known' || report.facts.holders.length === 0) return undefined;
  return report.facts.holders.map(({ owner, amount }) => ({ owner, tokenAccount: null, amount }));
}
