import type { CheckId, Evidence, FactsOf, Finding } from '#shared/domain/evidence.ts';
import { solOfLamports } from '#shared/domain/units.ts';
import { STABLE_MINTS, WRAPPED_SOL } from '#shared/domain/venue.ts';

/** One thing that a check learned, in words for people. Not cleaned yet: values come from outside. */
export type Fact = { readonly label: string; readonly value: string };

type Opening = Evidence['opening'];
type InWords = {
  readonly [Id in CheckId]: (facts: FactsOf<Id>, opening: Opening) => readonly Fact[];
};

/** What each check learned, what matters most first; what it could not learn is left out. */
const IN_WORDS: InWords = {
  metadata: (facts) => [
    { label: 'program', value: facts.tokenProgram },
    { label: 'mint authority', value: facts.mintAuthority ?? 'none' },
    { label: 'freeze authority', value: facts.freezeAuthority ?? 'none' },
    { label: 'decimals', value: String(facts.decimals) },
    { label: 'supply', value: units(facts.supply, facts.decimals) },
    ...some('mutable', yesNo(facts.mutable)),
    ...some('extensions', listed(facts.extensions.map(({ type }) => type))),
    ...published(facts.offchain),
  ],
  holders: (facts) => [
    { label: 'largest', value: percent(facts.top1Bps) },
    { label: 'ten largest', value: percent(facts.top10Bps) },
    ...some('creator', percentOrNot(facts.creatorBps)),
    { label: 'in the pool', value: percent(facts.pooledBps) },
    ...some('bundled at the start', percentOrNot(facts.bundleBps)),
    { label: 'concentration index', value: percent(facts.concentrationIndex) },
    { label: 'listed', value: `${facts.listed} of 20` },
  ],
  social: (facts) => [
    { label: 'X', value: facts.twitter === null ? 'none' : `@${facts.twitter}` },
    ...learned(facts.xAccount, (account) => [
      { label: 'X followers', value: count(account.followers) },
      { label: 'X since', value: new Date(account.createdAt * 1_000).toISOString().slice(0, 10) },
    ]),
    { label: 'Telegram', value: facts.telegram ?? 'none' },
    { label: 'website', value: facts.website ?? 'none' },
    ...some('DEX profile', yesNo(facts.dexProfile)),
    ...some('boosts', countOrNot(facts.boosts)),
    ...some('found by', listed(facts.sources)),
  ],
  honeypot: (facts) => [
    {
      label: 'restrictions',
      value: listed(facts.restrictions.map(({ detail }) => detail)) ?? 'none',
    },
    { label: 'transfer fee', value: percent(facts.transferFeeBps) },
    ...learned(facts.rugcheck, (report) => [
      { label: 'RugCheck risk', value: `${report.riskScore} of 100` },
      { label: 'rugged', value: report.rugged ? 'yes' : 'no' },
      ...some('dangers', listed(report.dangers)),
      { label: 'warnings', value: count(report.warnings) },
      ...some('insiders', countOrNot(report.insidersDetected)),
      ...some('earlier tokens', countOrNot(report.creatorTokens)),
    ]),
    ...unlearned('RugCheck', facts.rugcheck),
  ],
  organic: (facts) => [
    ...some('organic score', countOrNot(facts.organicScore)),
    ...some('holders', countOrNot(facts.holderCount)),
    ...some('traders in 5 min', countOrNot(facts.traders)),
    ...some('net buyers', countOrNot(facts.netBuyers)),
    ...some('organic buyers', countOrNot(facts.organicBuyers)),
    ...some('buys', countOrNot(facts.buys)),
    ...some('sells', countOrNot(facts.sells)),
    ...some('flagged suspicious', yesNo(facts.suspicious)),
    ...some('developer holds', percentOrNot(facts.devBalanceBps)),
    ...some('developer’s tokens', countOrNot(facts.devMints)),
    ...some('graduated', countOrNot(facts.devMigrations)),
    ...some('liquidity', facts.liquidityUsd === null ? undefined : `$${count(facts.liquidityUsd)}`),
  ],
  liquidity: (facts, opening) => [
    { label: 'pricing', value: facts.pricing },
    { label: 'in the pool', value: quoteAmount(facts.quoteReserve, opening) },
    { label: 'tokens in the pool', value: `${count(facts.baseReserve)} base units` },
    ...some('impact of our stake', percentOrNot(facts.stakeImpactBps)),
    ...some('liquidity locked or burnt', percentOrNot(facts.lockedLiquidityBps)),
  ],
};

/** What a check of this evidence learned; nothing when it learned nothing. */
export function factsInWords(evidence: Evidence, id: CheckId): readonly Fact[] {
  // One case each, so that the finding and its words are of the same check.
  const { checks, opening } = evidence;
  switch (id) {
    case 'metadata':
      return learned(checks.metadata.finding, (facts) => IN_WORDS.metadata(facts, opening));
    case 'holders':
      return learned(checks.holders.finding, (facts) => IN_WORDS.holders(facts, opening));
    case 'social':
      return learned(checks.social.finding, (facts) => IN_WORDS.social(facts, opening));
    case 'honeypot':
      return learned(checks.honeypot.finding, (facts) => IN_WORDS.honeypot(facts, opening));
    case 'organic':
      return learned(checks.organic.finding, (facts) => IN_WORDS.organic(facts, opening));
    case 'liquidity':
      return learned(checks.liquidity.finding, (facts) => IN_WORDS.liquidity(facts, opening));
  }
}

const learned = <Facts>(
  finding: Finding<Facts>,
  inWords: (facts: Facts) => readonly Fact[],
): readonly Fact[] => (finding.status === 'known' ? inWords(finding.facts) : []);

const unlearned = (label: string, finding: Finding<unknown>): readonly Fact[] =>
  finding.status === 'known' ? [] : [{ label, value: `${finding.status}: ${finding.reason}` }];

const published = (offchain: FactsOf<'metadata'>['offchain']): readonly Fact[] => [
  ...learned(offchain, ({ description, hasImage }) => [
    ...some('description', description === '' ? undefined : description),
    { label: 'image', value: hasImage ? 'yes' : 'no' },
  ]),
  ...unlearned('published metadata', offchain),
];

const some = (label: string, value: string | undefined): readonly Fact[] =>
  value === undefined ? [] : [{ label, value }];

const listed = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : names.join(', ');

const quoteAmount = (reserve: bigint, { quoteMint }: Opening): string => {
  if (quoteMint === WRAPPED_SOL) return `${solOfLamports(reserve).toFixed(2)} SOL`;
  // Dollar tokens have six decimals.
  if (STABLE_MINTS.has(quoteMint)) return `$${count(reserve / 1_000_000n)}`;
  return `${count(reserve)} base units of ${quoteMint}`;
};

const yesNo = (flag: boolean | null): string | undefined =>
  flag === null ? undefined : flag ? 'yes' : 'no';

const percent = (bps: number): string => `${bps / 100} %`;
const percentOrNot = (bps: number | null): string | undefined =>
  bps === null ? undefined : percent(bps);

const count = (value: number | bigint): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 0 });
const countOrNot = (value: number | null): string | undefined =>
  value === null ? undefined : count(value);

/** Whole tokens of base units; a supply is long enough without its fraction. */
const units = (amount: bigint, decimals: number): string => count(amount / 10n ** BigInt(decimals));
