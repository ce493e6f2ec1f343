import type { ShadowVerdict } from '#shared/domain/decision.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { secondOpinion } from './second-opinion.ts';
import type { VersionedStrategy } from './synthesize.ts';

/** A strategy that judges along and decides nothing. */
export type Shadow = VersionedStrategy & { readonly name: string };

/** What the shadows make of the evidence that another strategy decided on; nobody is asked again. */
export const shadowVerdicts = (evidence: Evidence, shadows: readonly Shadow[]): ShadowVerdict[] =>
  shadows.map((shadow) => {
    const { verdict, refusers, decision } = secondOpinion(evidence, shadow);
    return {
      name: shadow.name,
      version: shadow.version,
      verdict,
      score: decision.score,
      refuser: refusers[0] ?? null,
    };
  });
