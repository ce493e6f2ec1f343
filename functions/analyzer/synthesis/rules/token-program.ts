import { passed, type Rule, whenKnown } from '../rule.ts';

/** Source: the owner of the mint account; an account of another program is no known metadata. */
export const tokenProgram: Rule<'token-program'> = {
  id: 'token-program',
  sentence: 'The mint belongs to a program whose transfers nobody has vetted.',
  run: (evidence) => whenKnown(evidence.checks.metadata.finding, () => passed),
};
