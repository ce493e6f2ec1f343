import type { Decision, ShadowVerdict } from '#shared/domain/decision.ts';
import { plain } from '../terminal.ts';

/** One sentence on what the other strategies say of the same evidence; none where none judged along. */
export const shadowSentences = ({ shadows = [] }: Pick<Decision, 'shadows'>): string[] =>
  shadows.length === 0 ? [] : [shadows.map(partOf).join('; ')];

function partOf({ name, verdict, score, refuser }: ShadowVerdict): string {
  if (verdict === null) return `${plain(name)}: not told, the analysis ended before it could`;
  if (verdict === 'BUY') return `${plain(name)}: BUY with ${score}`;
  return `${plain(name)}: ${verdict}${refuser === null ? '' : ` by ${plain(refuser)}`}`;
}
