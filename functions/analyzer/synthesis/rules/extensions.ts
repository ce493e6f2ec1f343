import { restrictionRule } from './restriction-rule.ts';

/** Source: the mint's Token-2022 extensions; types that nobody vetted fail as well. */
export const extensions = restrictionRule(
  'extensions',
  'An extension of the mint lets somebody stop, seize or hide transfers.',
  [
    'permanent-delegate',
    'transfer-hook',
    'default-frozen',
    'non-transferable',
    'pausable',
    'unvetted-extension',
  ],
);
