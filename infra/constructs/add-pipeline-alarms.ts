import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

import type { Alarms } from './alarms.ts';
import type { Executor } from './executor.ts';
import type { TokensQueue } from './tokens-queue.ts';
import type { VolleyFunction } from './volley-function.ts';

const period = Duration.minutes(1);

/** A decision should reach the executor well inside five seconds; a minute's worst is allowed them. */
const DECISION_WAIT_MS = 5_000;

/**
 * Launches come twenty a minute. Without them some six hundred pools a day are left, so that ten
 * minutes without one are nothing unusual.
 */
const SILENT_MINUTES = { withLaunches: 10, withoutLaunches: 60 };

export type PipelineAlarmsProps = {
  readonly alarms: Alarms;
  readonly tokens: TokensQueue;
  readonly webhook: VolleyFunction;
  readonly analyzer: VolleyFunction;
  readonly executor: Executor;
  readonly exits: VolleyFunction;
  readonly poolSize: number;
  /** Age from which a look is too late to be worth anything. */
  readonly maxAgeSeconds: number;
  /** The longest that the message of a later look is held back. */
  readonly longestDelaySeconds: number;
  /** Whether launches on bonding curves are detected as well. */
  readonly analyzeLaunches: boolean;
};

/** The first set of alarms: what is lost, what piles up, what fails. */
export function addPipelineAlarms(props: PipelineAlarmsProps): void {
  watchDetection(props);
  watchQueue(props);
  watchFunctions(props);
  watchStream(props);
}

function watchDetection({ alarms, analyzeLaunches }: PipelineAlarmsProps): void {
  const { withLaunches, withoutLaunches } = SILENT_MINUTES;
  const span = Duration.minutes(analyzeLaunches ? withLaunches : withoutLaunches);
  alarms.add('DetectionSilent', {
    metric: new MathExpression({
      expression: 'FILL(webhook, 0) + FILL(sweep, 0)',
      label: 'Pools detected',
      usingMetrics: ofDetection('PoolsDetected', span),
      period: span,
    }),
    threshold: 1,
    periods: 1,
    lost: `No new pool was seen for ${span.toMinutes()} minutes: every opportunity of that time is missed.`,
    runbook: 'detection-silent',
    silence: true,
  });
  alarms.add('TokensDropped', {
    metric: new MathExpression({
      expression: 'FILL(webhook, 0) + FILL(sweep, 0)',
      label: 'Tokens dropped by a cap',
      usingMetrics: ofDetection('TokensDropped', period),
      period,
    }),
    threshold: 1,
    periods: 1,
    lost: 'A cap of tokens was reached: what is detected beyond it is not judged.',
    runbook: 'tokens-dropped',
  });
}

/** A metric of both detectors, as it carries them: `POWERTOOLS_SERVICE_NAME` is the dimension. */
function ofDetection(metricName: string, span: Duration): Record<'webhook' | 'sweep', Metric> {
  const by = (service: 'detector' | 'sweep'): Metric =>
    new Metric({
      namespace: 'Volley',
      metricName,
      dimensionsMap: { service },
      statistic: Stats.SUM,
      period: span,
    });
  return { webhook: by('detector'), sweep: by('sweep') };
}

function watchQueue(props: PipelineAlarmsProps): void {
  const { alarms, tokens, poolSize, maxAgeSeconds, longestDelaySeconds } = props;
  alarms.add('DeadLetters', {
    metric: tokens.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period }),
    threshold: 1,
    periods: 1,
    lost: 'A token was never decided on: the analyzer gave up on its message.',
    runbook: 'dead-letters',
  });
  alarms.add('Backlog', {
    // Delayed looks and those being analysed are not counted.
    metric: tokens.queue.metricApproximateNumberOfMessagesVisible({ period }),
    threshold: 5 * poolSize,
    periods: 3,
    lost: 'Tokens wait for a free place: decisions come later than the market moves.',
    runbook: 'backlog',
  });
  alarms.add('OldestToken', {
    // The age counts from the sending, the delay of a later look included.
    metric: tokens.queue.metricApproximateAgeOfOldestMessage({ period }),
    threshold: longestDelaySeconds + maxAgeSeconds,
    periods: 1,
    lost: 'Tokens are now too old when their turn comes: they end as EXPIRED, undecided.',
    runbook: 'backlog',
  });
}

function watchFunctions(props: PipelineAlarmsProps): void {
  const { alarms, webhook, analyzer, executor, exits } = props;
  alarms.add('WebhookErrors', {
    metric: webhook.function.metricErrors({ period }),
    threshold: 1,
    periods: 1,
    lost: 'Deliveries of new pools failed: tokens come a minute late, by the sweep.',
    runbook: 'detector-errors',
  });
  alarms.add('AnalyzerThrottles', {
    metric: analyzer.function.metricThrottles({ period }),
    threshold: 1,
    periods: 1,
    lost: 'Tokens come back only after six time limits: far too late to trade.',
    runbook: 'analyzer-throttles',
  });
  alarms.add('AnalyzerErrors', {
    metric: analyzer.function.metricErrors({ period }),
    threshold: 1,
    periods: 1,
    lost: 'The analyzer died in the middle of a token: its decision comes late, or never.',
    runbook: 'analyzer-errors',
  });
  alarms.add('ExecutorErrors', {
    metric: executor.executor.function.metricErrors({ period }),
    threshold: 1,
    periods: 1,
    lost: 'The executor died in the middle of a trade: look at open positions by hand.',
    runbook: 'executor-errors',
  });
  alarms.add('ExitsErrors', {
    metric: exits.function.metricErrors({ period }),
    threshold: 1,
    periods: 1,
    lost: 'Nobody watched the open positions for a minute: stop losses did not fire.',
    runbook: 'exits-errors',
  });
  alarms.add('PositionsStuck', {
    metric: new Metric({
      namespace: 'Volley',
      metricName: 'PositionsStuck',
      dimensionsMap: { service: 'exits' },
      statistic: Stats.SUM,
      period,
    }),
    threshold: 1,
    periods: 1,
    lost: 'A position cannot be sold: it is tried again for ever, but its money may be gone.',
    runbook: 'stuck-positions',
  });
}

function watchStream({
  alarms,
  executor: { executor, decisionsMapping },
}: PipelineAlarmsProps): void {
  const ofMapping = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { EventSourceMappingUUID: decisionsMapping.eventSourceMappingId },
      statistic: Stats.SUM,
      period,
    });
  alarms.add('DecisionsWait', {
    metric: executor.function.metric('IteratorAge', { statistic: Stats.MAXIMUM, period }),
    threshold: DECISION_WAIT_MS,
    periods: 1,
    lost: 'Decisions to buy reach the executor late: they are refused as stale, or bought dear.',
    runbook: 'decisions-wait',
  });
  alarms.add('DecisionsGivenUp', {
    metric: ofMapping('OnFailureDestinationDeliveredEventCount'),
    threshold: 1,
    periods: 1,
    lost: 'A decision to buy was given up on after its retries; it lies in the failures bucket.',
    runbook: 'decisions-given-up',
  });
  alarms.add('DecisionsDropped', {
    metric: ofMapping('DroppedEventCount'),
    threshold: 1,
    periods: 1,
    lost: 'A decision to buy was dropped, and not even kept in the failures bucket.',
    runbook: 'decisions-given-up',
  });
  alarms.add('FailuresNotKept', {
    metric: executor.function.metric('DestinationDeliveryFailures', {
      statistic: Stats.SUM,
      period,
    }),
    threshold: 1,
    periods: 1,
    lost: 'The failures bucket refuses what is given up on: nothing of it can be looked at.',
    runbook: 'decisions-given-up',
  });
}
