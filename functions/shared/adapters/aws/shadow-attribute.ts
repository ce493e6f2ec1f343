import * as z from 'zod';

import { VERDICTS, type ShadowVerdict } from '../../domain/decision.ts';

/** Stands for a verdict that is not known. */
const UNTOLD = '?';
/** `SKIP 0 857be3719519 largest-holder`: verdict, score, version of the strategy, who refused. */
const LINE = /^([A-Z]+|\?) ([\d.]+) (\S+)(?: (\S+))?$/;

/** The verdicts of other strategies as the row keeps them: a short line for each name. */
export const shadowAttribute = (shadows: readonly ShadowVerdict[]): Record<string, string> =>
  Object.fromEntries(
    shadows.map(({ name, version, verdict, score, refuser }) => [
      name,
      `${verdict ?? UNTOLD} ${score} ${version}${refuser === null ? '' : ` ${refuser}`}`,
    ]),
  );

/** Reads the attribute back; the names come in the order of the alphabet. */
export const shadowAttributeSchema = z
  .record(z.string(), z.string().regex(LINE))
  .transform((lines, context): ShadowVerdict[] =>
    Object.entries(lines)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, line]) => {
        const [, told, score, version = '', refuser = null] = LINE.exec(line) ?? [];
        const verdict = VERDICTS.find((each) => each === told) ?? null;
        if (verdict === null && told !== UNTOLD) {
          context.addIssue({ code: 'custom', input: line, message: 'no verdict' });
        }
        return { name, version, verdict, score: Number(score), refuser };
      }),
  );
