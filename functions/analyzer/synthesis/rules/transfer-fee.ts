import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** Source: `TransferFeeConfig` of the mint, the higher of the current and the scheduled fee. */
export const transferFee: Rule<'transfer-fee'> = {
  id: 'transfer-fee',
  sentence: 'Each transfer is taxed, or somebody can raise the tax to all of it.',
  run: (evidence, { max_bps }) =>
    whenKnown(evidence.checks.honeypot.finding, ({ restrictions, transferFeeBps }) => {
      if (transferFeeBps > max_bps) {
        return failed(`transfer fee of ${transferFeeBps} bps, limit ${max_bps} bps`);
      }
      const raisable = restrictions.find(({ kind }) => kind === 'raisable-fee');
      return raisable === undefined ? passed : failed(`transfer fee: ${raisable.detail}`);
    }),
};
