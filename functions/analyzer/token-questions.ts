import type { PoolOpening } from '#shared/domain/detection.ts';
import { absent, type CheckId, type Finding, type OffchainMetadata } from '#shared/domain/evidence.ts';
import type { Holding } from '#shared/domain/holder-facts.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { DexProfile, DexProfiles } from '#shared/ports/dex-profiles.ts';
import type { OffchainDocuments } from '#shared/ports/offchain-documents.ts';
import type { RiskReport, RiskReports } from '#shared/ports/risk-reports.ts';
import type { TokenListing, TokenListings } from '#shared/ports/token-listings.ts';
import type { TokenReader, TokenSnapshot } from '#shared/ports/token-reader.ts';
import type { XAccount, XAccounts } from '#shared/ports/x-accounts.ts';

/** Everything that can be asked about tokens. */
export type TokenSources = {
  readonly tokens: TokenReader;
  readonly documents: OffchainDocuments;
  readonly listings: TokenListings;
  readonly reports: RiskReports;
  readonly profiles: DexProfiles;
  readonly xAccounts: XAccounts;
};

/** The questions about one token. Each is asked once, whichever check asks it first. */
export type TokenQuestions = {
  readonly opening: PoolOpening;
  readonly stakeLamports: bigint;
  readonly accounts: () => Promise<Finding<TokenSnapshot>>;
  readonly holdings: () => Promise<Finding<readonly Holding[]>>;
  /** Waits for the accounts: the URI stands in them. */
  readonly offchain: () => Promise<Finding<OffchainMetadata>>;
  readonly listing: () => Promise<Finding<TokenListing>>;
  readonly riskReport: () => Promise<Finding<RiskReport>>;
  readonly dexProfile: () => Promise<Finding<DexProfile>>;
  readonly xAccount: (handle: string) => Promise<Finding<XAccount>>;
};

export type QuestionOptions = {
  readonly stakeLamports: bigint;
  /** How often, and after which pause, a question is asked again that was answered "not there yet". */
  readonly absentRetries: number;
  readonly absentRetryMs: number;
};

export type QuestionDeps = { readonly sources: TokenSources; readonly pause: Pause };

/** The questions of one analysis, and how many upstream calls each check has cost. */
export function tokenQuestions(
  { sources, pause }: QuestionDeps,
  opening: PoolOpening,
  options: QuestionOptions,
  signal: AbortSignal,
): { as: (check: CheckId) => TokenQuestions; calls: Readonly<Record<CheckId, number>> } {
  const calls = { metadata: 0, holders: 0, social: 0, honeypot: 0, organic: 0, liquidity: 0 };

  const asked = <Facts>(ask: () => Promise<Finding<Facts>>, retryAbsent: boolean) =>
    once(async (by) => {
      for (let retries = 0; ; retries += 1) {
        calls[by] += 1;
        const finding = await ask();
        if (finding.status !== 'absent' || !retryAbsent || retries >= options.absentRetries) {
          return finding;
        }
        await pause(options.absentRetryMs * 2 ** retries, signal);
      }
    });

  const accounts = asked(() => sources.tokens.snapshot(opening, signal), true);
  const holdings = asked(() => sources.tokens.holdings(opening.mint, signal), true);
  const listing = asked(() => sources.listings.find(opening.mint, signal), false);
  const riskReport = asked(() => sources.reports.find(opening.mint, signal), false);
  const dexProfile = asked(() => sources.profiles.find(opening.mint, signal), false);
  const offchain = once(async (by): Promise<Finding<OffchainMetadata>> => {
    const snapshot = await accounts(by);
    if (snapshot.status !== 'known') return snapshot;
    const uri = uriOf(snapshot.facts);
    if (uri === '') return absent('no URI');
    calls[by] += 1;
    return sources.documents.read(uri, signal);
  });

  return {
    calls,
    as: (check) => ({
      opening,
      stakeLamports: options.stakeLamports,
      accounts: () => accounts(check),
      holdings: () => holdings(check),
      offchain: () => offchain(check),
      listing: () => listing(check),
      riskReport: () => riskReport(check),
      dexProfile: () => dexProfile(check),
      xAccount: (handle) => {
        calls[check] += 1;
        return sources.xAccounts.find(handle, signal);
      },
    }),
  };
}

/** Remembers the first asking: later askers wait for the same answer. */
function once<Answer>(start: (by: CheckId) => Promise<Answer>): (by: CheckId) => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return (by) => (answer ??= start(by));
}

const uriOf = ({ mint, metaplex }: TokenSnapshot): string =>
  mint.metadata?.uri ?? metaplex?.uri ?? '';
