import { restrictionRule } from './restriction-rule.ts';

/** Source: `mint_authority` of the mint account. */
export const mintAuthority = restrictionRule(
  'mint-authority',
  'Somebody can print more of the token and sell it into the pool.',
  ['mint-authority'],
);
