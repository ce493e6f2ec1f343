import { factsOf } from '#shared/domain/evidence.ts';
import { between, type Factor, mean, notKnown, quality } from '../factor.ts';

/** What the creator still holds, and what became of earlier tokens. */
export const creator: Factor = {
  id: 'creator',
  run({ checks }) {
    const holding = factsOf(checks.holders.finding)?.creatorBps ?? undefined;
    const trading = factsOf(checks.organic.finding);
    const mints = trading?.devMints ?? undefined;
    const failures =
      mints === undefined ? undefined : Math.max(0, mints - 1 - (trading?.devMigrations ?? 0));
    const part = mean([
      holding === undefined ? undefined : between(holding, 1_000, 0),
      failures === undefined ? undefined : between(failures, 10, 0),
    ]);
    if (part === undefined) return notKnown('creator unknown');
    const held = holding === undefined ? 'share unknown' : `holds ${holding} bps`;
    return quality(part, `${held}, ${failures ?? 'unknown'} failed tokens`);
  },
};
