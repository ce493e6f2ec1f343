import { MetricUnit } from '@aws-lambda-powertools/metrics';

import { logger, metrics } from '#shared/runtime/telemetry.ts';
import type { Announced } from './announce.ts';

/** Metrics of what was announced: pools, their lag behind the chain, and what the caps did. */
export function measureAnnounced({ queued, dropped, capUnread }: Announced, nowMs: number): void {
  metrics.addMetric('PoolsDetected', MetricUnit.Count, queued.length);
  for (const { blockTime } of queued) {
    // Block time has whole seconds: the lag is good to one.
    if (blockTime !== null) {
      metrics.addMetric(
        'DetectionLagMs',
        MetricUnit.Milliseconds,
        Math.max(0, nowMs - blockTime * 1_000),
      );
    }
  }
  if (dropped > 0) {
    metrics.addMetric('TokensDropped', MetricUnit.Count, dropped);
    logger.warn('tokens beyond the cap dropped', { dropped });
  }
  if (capUnread !== null) {
    metrics.addMetric('CapsUnread', MetricUnit.Count, 1);
    logger.error('token cap unreadable, not limiting', { reason: capUnread });
  }
}
