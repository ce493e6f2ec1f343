import { known } from '#shared/domain/evidence.ts';
import { restrictionsOf, transferFeeBps } from '#shared/domain/restrictions.ts';
import type { Check } from './check.ts';
import { PENDING, settled } from './pending.ts';

/** Can it be sold again? Our own rules on the mint (authorities, extensions), and RugCheck's report. */
export const honeypot: Check<'honeypot'> = {
  async run(ask, publish) {
    const report = settled(ask.riskReport());
    const accounts = await ask.accounts();
    if (accounts.status !== 'known') return accounts;
    const { mint } = accounts.facts;
    const own = { restrictions: restrictionsOf(mint), transferFeeBps: transferFeeBps(mint) };
    publish({ ...own, rugcheck: PENDING });
    const finding = await report;
    return known({
      ...own,
      rugcheck: finding.status === 'known' ? known(finding.facts.risk) : finding,
    });
  },
};
