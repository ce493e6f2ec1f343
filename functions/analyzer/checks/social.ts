import { absent, type FactsOf, type Finding, failed, known } from '#shared/domain/evidence.ts';
import { telegramName, websiteUrl, xHandle } from '#shared/domain/social-links.ts';
import type { TokenLinks } from '#shared/ports/token-listings.ts';
import type { Check } from './check.ts';
import { settled } from './pending.ts';

/** Public presence: links of the metadata, of Jupiter and of DexScreener; X where it is configured. */
export const social: Check<'social'> = {
  async run(ask) {
    const [offchain, listing, profile] = await Promise.all([
      settled(ask.offchain()),
      settled(ask.listing()),
      settled(ask.dexProfile()),
    ]);
    const findings = [offchain, listing, profile];
    if (findings.every(({ status }) => status === 'failed')) return failed('no source answered');
    if (findings.every(({ status }) => status !== 'known')) return absent('no source knows it yet');

    const sources = {
      metadata: offchain.status === 'known' ? offchain.facts : undefined,
      jupiter: listing.status === 'known' ? listing.facts.links : undefined,
      dexscreener: profile.status === 'known' ? profile.facts.links : undefined,
    };
    const links = linksOf(Object.values(sources));
    return known({
      ...links,
      sources: Object.entries(sources).flatMap(([name, found]) =>
        found !== undefined && hasLink(linksOf([found])) ? [name] : [],
      ),
      dexProfile: profile.status === 'known' ? profile.facts.hasProfile : null,
      boosts: profile.status === 'known' ? profile.facts.boosts : null,
      xAccount: await xAccountOf(links.twitter, ask.xAccount),
    });
  },
};

type Links = Pick<FactsOf<'social'>, 'twitter' | 'telegram' | 'website'>;

/** The first good link of each kind, sources in their order. */
function linksOf(sources: readonly (TokenLinks | undefined)[]): Links {
  const first = <Link>(read: (links: TokenLinks) => Link | null): Link | null => {
    for (const links of sources) {
      const found = links === undefined ? null : read(links);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    twitter: first(({ twitter }) => xHandle(twitter)),
    telegram: first(({ telegram }) => telegramName(telegram)),
    website: first(({ website }) => websiteUrl(website)),
  };
}

const hasLink = ({ twitter, telegram, website }: Links): boolean =>
  twitter !== null || telegram !== null || website !== null;

async function xAccountOf(
  handle: string | null,
  ask: (handle: string) => Promise<FactsOf<'social'>['xAccount']>,
): Promise<Finding<Extract<FactsOf<'social'>['xAccount'], { status: 'known' }>['facts']>> {
  return handle === null ? absent('no X profile is linked') : settled(ask(handle));
}
