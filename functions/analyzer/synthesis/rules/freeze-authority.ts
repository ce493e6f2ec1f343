import { restrictionRule } from './restriction-rule.ts';

/** Source: `freeze_authority` of the mint account. */
export const freezeAuthority = restrictionRule(
  'freeze-authority',
  'Somebody can freeze our account, so that it can never be sold.',
  ['freeze-authority'],
);
