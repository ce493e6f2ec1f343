import { isFault } from '#shared/domain/fault.ts';
import { strategyOf, strategyVersion } from '#config/strategy.ts';
import type { DoctorCheck } from './check.ts';

/** `trading.toml` with the stage's file laid over it. */
export const configuration: DoctorCheck = {
  name: 'configuration',
  run: async ({ config }) => {
    try {
      const found = config();
      const { pool_size: poolSize } = found.parallel_processing;
      return {
        status: 'ok',
        detail:
          `mode ${found.mode}, ${poolSize} tokens at once, ${found.detector.venues.length} venues, ` +
          `strategy ${strategyVersion(strategyOf(found))}`,
      };
    } catch (error) {
      if (!isFault(error) || !('issues' in error.context)) throw error;
      const { issues } = error.context;
      return {
        status: 'bad',
        detail: `${issues.length === 1 ? 'a value is' : `${issues.length} values are`} not allowed`,
        items: issues,
        fix: 'mend these keys in config/trading.toml or the file of the stage',
      };
    }
  },
};
