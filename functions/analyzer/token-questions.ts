import { setImmediate as nextTurn } from 'node:timers/promises';

import type { PoolOpening } from '#shared/domain/detection.ts';
import {
  absent,
  type CheckId,
  type Finding,
  known,
  type OffchainMetadata,
} from '#shared/domain/evidence.ts';
import type { Holding } from '#shared/domain/holder-facts.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { DexProfile, DexProfiles } from '#shared/ports/dex-profiles.ts';
import type { OffchainDocuments } from '#shared/ports/offchain-documents.ts';
import type { RiskReport, RiskReports } from '#shared/ports/risk-reports.ts';
import type { TokenListing, TokenListings } from '#shared/ports/token-listings.ts';
import type { TokenReader, TokenSnapshot } from '#shared/ports/token-reader.ts';
import type { XAccount, XAccounts } from '#shared/ports/x-accounts.ts';
import { askingSignal } from '#shared/upstream/asking.ts';
import { type Kept, NOTHING_KEPT } from './kept-evidence.ts';

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
  /** Owners who got tokens in the slot in which the pool opened. */
  readonly firstBuyers: () => Promise<Finding<readonly string[]>>;
  /** Waits for the accounts: the URI stands in them. */
  readonly offchain: () => Promise<Finding<OffchainMetadata>>;
  readonly listing: () => Promise<Finding<TokenListing>>;
  readonly riskReport: () => Promise<Finding<RiskReport>>;
  readonly dexProfile: () => Promise<Finding<DexProfile>>;
  readonly xAccount: (handle: string) => Promise<Finding<XAccount>>;
};

export type QuestionOptions = {
  /** Slot in which the pool opened; null where the source did not tell. */
  readonly openingSlot: number | null;
  readonly stakeLamports: bigint;
  /** How often, and after which pause, a question is asked again that was answered "not there yet". */
  readonly absentRetries: number;
  readonly absentRetryMs: number;
  /** Unix milliseconds after which no answer is waited for; left out where the signal alone says so. */
  readonly deadlineMs?: number;
  /** What an earlier look has learned; left out for a first look. */
  readonly kept?: Kept;
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

  const { deadlineMs = Infinity } = options;
  /** The signal of a question that `by` asks: what it costs beyond one request counts as well. */
  const asking = (by: CheckId): AbortSignal =>
    askingSignal(signal, {
      deadlineMs,
      onExtraRequest: () => {
        calls[by] += 1;
      },
    });
  const asked = <Facts>(
    ask: (signal: AbortSignal) => Promise<Finding<Facts>>,
    retryAbsent: boolean,
  ) =>
    once(async (by) => {
      const own = asking(by);
      for (let retries = 0; ; retries += 1) {
        calls[by] += 1;
        const finding = await ask(own);
        if (finding.status !== 'absent' || !retryAbsent || retries >= options.absentRetries) {
          return finding;
        }
        await pause(options.absentRetryMs * 2 ** retries, signal);
      }
    });

  const accounts = asked((own) => sources.tokens.snapshot(opening, own), true);
  const holdings = asked((own) => sources.tokens.holdings(opening.mint, own), true);
  const { openingSlot } = options;
  const firstBuyers = asked(async (own) => {
    if (openingSlot === null) return absent('the slot of the opening is not known');
    // They cost several calls: what the accounts alone refuse has ended the analysis a turn later.
    await nextTurn(undefined, { signal });
    return sources.tokens.firstBuyers(opening.mint, openingSlot, own);
  }, openingSlot !== null);
  const listing = asked((own) => sources.listings.find(opening.mint, own), false);
  const riskReport = asked((own) => sources.reports.find(opening.mint, own), false);
  const dexProfile = asked((own) => sources.profiles.find(opening.mint, own), false);
  const { kept = NOTHING_KEPT } = options;
  const offchain = once(async (by): Promise<Finding<OffchainMetadata>> => {
    if (kept.offchain !== undefined) return known(kept.offchain);
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
      firstBuyers: () => firstBuyers(check),
      offchain: () => offchain(check),
      listing: () => listing(check),
      riskReport: () => riskReport(check),
      dexProfile: () => dexProfile(check),
      xAccount: async (handle) => {
        // Each account looked up costs money.
        if (kept.xAccount?.handle.toLowerCase() === handle.toLowerCase())
          return known(kept.xAccount);
        calls[check] += 1;
        return sources.xAccounts.find(handle, asking(check));
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
