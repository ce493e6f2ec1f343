import type { Evidence } from './evidence.ts';

/** Why a check learned nothing when a veto of the deciding strategy ended the analysis before it. */
export const ENDED_EARLY = 'ended early: the decision is certain';
/** What a check leaves that published a part, and was still waiting for the rest. */
export const NO_ANSWER_YET = 'no answer before the analysis ended';

/** True when a veto ended the analysis: another strategy might have learned more. */
export function isCutShort({ checks }: Evidence): boolean {
  const { metadata, holders, social, honeypot, organic, liquidity } = checks;
  return (
    isEnded(metadata.finding) ||
    isEnded(holders.finding) ||
    isEnded(social.finding) ||
    isEnded(honeypot.finding) ||
    isEnded(organic.finding) ||
    isEnded(liquidity.finding) ||
    (honeypot.finding.status === 'known' &&
      honeypot.finding.facts.rugcheck.status === 'failed' &&
      honeypot.finding.facts.rugcheck.reason === NO_ANSWER_YET)
  );
}

const isEnded = (finding: { status: string; reason?: string }): boolean =>
  finding.status === 'failed' && finding.reason === ENDED_EARLY;
