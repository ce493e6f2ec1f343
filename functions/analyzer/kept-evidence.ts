import {
  type CheckId,
  type Evidence,
  type FactsOf,
  type Finding,
  type OffchainMetadata,
  factsOf,
} from '#shared/domain/evidence.ts';
import type { XAccount } from '#shared/ports/x-accounts.ts';

type Findings = { readonly [Id in CheckId]?: Finding<FactsOf<Id>> };

/** What an earlier look has learned and a later one need not ask again. */
export type Kept = {
  /** Answers that are whole and do not go stale: these checks are not run. */
  readonly whole: Findings;
  /** Answers that stand in where the check, run again, learns nothing. */
  readonly standIn: Findings;
  readonly offchain: OffchainMetadata | undefined;
  readonly xAccount: XAccount | undefined;
};

export const NOTHING_KEPT: Kept = {
  whole: {},
  standIn: {},
  offchain: undefined,
  xAccount: undefined,
};

/**
 * Metadata and profiles stay what they were. Holders, liquidity, trading, RugCheck's report and what
 * the mint allows go stale: they are asked for again, whatever was known.
 */
export function keptEvidence({ checks }: Evidence): Kept {
  const metadata = factsOf(checks.metadata.finding);
  const social = factsOf(checks.social.finding);
  const offchain = metadata && factsOf(metadata.offchain);
  const hasDocument = offchain !== undefined || metadata?.uri === '';
  // Each source has answered; no X profile, or no access to X, is an answer.
  const hasSources =
    hasDocument &&
    checks.organic.finding.status === 'known' &&
    social?.dexProfile !== null &&
    social?.xAccount.status !== 'failed';
  return {
    whole: {
      ...(metadata !== undefined && hasDocument ? { metadata: checks.metadata.finding } : {}),
      ...(social !== undefined && hasSources ? { social: checks.social.finding } : {}),
    },
    standIn: {
      ...(metadata === undefined ? {} : { metadata: checks.metadata.finding }),
      ...(social === undefined ? {} : { social: checks.social.finding }),
    },
    offchain,
    xAccount: social && factsOf(social.xAccount),
  };
}
