import * as z from 'zod';

import type { FunctionPool } from '../lambda/function-pool.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { type RunningSchedule, periodOf, startSchedule } from '../sources/schedule.ts';
import type { StackModel } from '../template/stack-model.ts';

/** 24 hours and 2 retries: what Scheduler and Lambda do when nobody says otherwise. */
const DEFAULT_EVENT_AGE_SECONDS = 86_400;
const LAMBDA_EVENT_AGE_SECONDS = 21_600;
const LAMBDA_RETRY_ATTEMPTS = 2;

const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().default('{}'),
    RetryPolicy: z
      .object({ MaximumEventAgeInSeconds: z.coerce.number().default(DEFAULT_EVENT_AGE_SECONDS) })
      .default({ MaximumEventAgeInSeconds: DEFAULT_EVENT_AGE_SECONDS }),
  }),
});

const invokeConfigProperties = z.object({
  FunctionName: z.string(),
  MaximumEventAgeInSeconds: z.coerce.number().default(LAMBDA_EVENT_AGE_SECONDS),
  MaximumRetryAttempts: z.coerce.number().default(LAMBDA_RETRY_ATTEMPTS),
});

/**
 * Starts every schedule of the template that is enabled.
 *
 * Scheduler's own retries are for invocations that Lambda does not accept, which cannot happen
 * here; what the function makes of them is up to its `EventInvokeConfig`.
 */
export function startSchedules(
  model: StackModel,
  pools: ReadonlyMap<string, FunctionPool>,
): readonly RunningSchedule[] {
  const configs = model
    .resources('AWS::Lambda::EventInvokeConfig')
    .map((resource) => invokeConfigProperties.parse(resource.properties()));
  return model.resources('AWS::Scheduler::Schedule').flatMap((resource) => {
    const { ScheduleExpression, State, Target } = scheduleProperties.parse(resource.properties());
    const periodMs = periodOf(ScheduleExpression);
    const pool = pools.get(Target.Arn);
    if (pool === undefined)
      throw new LocalCloudError(
        `Schedule ${resource.logicalId} has the target ${Target.Arn}, which is no function here.`,
      );
    if (State === 'DISABLED') return [];
    const config = configs.find(({ FunctionName }) => pools.get(FunctionName) === pool);
    const spec = {
      name: resource.logicalId,
      periodMs,
      payload: Target.Input,
      maximumEventAgeMs:
        Math.min(
          Target.RetryPolicy.MaximumEventAgeInSeconds,
          config?.MaximumEventAgeInSeconds ?? LAMBDA_EVENT_AGE_SECONDS,
        ) * 1_000,
      maximumRetryAttempts: config?.MaximumRetryAttempts ?? LAMBDA_RETRY_ATTEMPTS,
    };
    return [startSchedule(spec, pool)];
  });
}
