import { describe, expect, it } from 'vitest';

import { outputRef, resourcesOf, synthesized } from './synthesized.ts';

const withLooks = (looks_after_seconds: number[]) =>
  synthesized({ settings: { synthesis: { looks_after_seconds } } });

describe.each([
  { looks: [], delay: 0, retention: 600 },
  { looks: [15, 45, 120], delay: 75, retention: 600 },
  // Five visibility timeouts of 90 s after the longest delay.
  { looks: [900], delay: 900, retention: 900 + 5 * 90 },
  { looks: [100, 600], delay: 500, retention: 500 + 5 * 90 },
])('with looks after $looks s', ({ looks, delay, retention }) => {
  const all = withLooks(looks);
  const queue = all.resources[outputRef(all, 'TokensQueueUrl')]!.Properties;

  it('the queue keeps the message of a look through its delay and all receives', () => {
    expect(queue['MessageRetentionPeriod']).toBe(retention);
    expect(queue['VisibilityTimeout']).toBe(90);
  });

  it('the alarm of the oldest message does not take a delayed look for a late one', () => {
    const ages = resourcesOf(all, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ MetricName }) => MetricName === 'ApproximateAgeOfOldestMessage');
    expect(ages.map(({ Threshold }) => Threshold)).toEqual([
      delay + all.config.analyzer.max_age_seconds,
    ]);
  });
});

it('the local stage has short looks, so that a run that ends by itself is over soon', () => {
  const { looks_after_seconds } = synthesized({ stage: 'local' }).config.synthesis;
  expect(looks_after_seconds.length).toBeGreaterThan(0);
  expect(Math.max(...looks_after_seconds)).toBeLessThanOrEqual(10);
});
