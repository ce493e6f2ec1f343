import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';

import type { VolleyFunction } from './volley-function.ts';

export type EachMinuteProps = {
  readonly target: VolleyFunction;
  readonly description: string;
  /** Why an invocation that failed need not be kept, in a sentence. */
  readonly nothingLost: string;
};

/** Starts a function each minute, once: what fails is made up for by the next minute. */
export class EachMinute extends Construct {
  constructor(scope: Construct, id: string, { target, description, nothingLost }: EachMinuteProps) {
    super(scope, id);
    const once = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };
    target.function.configureAsyncInvoke(once);
    Validations.of(target).acknowledge({
      id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
      reason: nothingLost,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [target.function.functionArn],
      }),
    );
    new Schedule(this, 'Schedule', {
      description,
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // CDK's own target would let the role start every version of the function as well.
      target: {
        bind: () => ({
          arn: target.function.functionArn,
          role,
          retryPolicy: {
            maximumRetryAttempts: once.retryAttempts,
            maximumEventAgeInSeconds: once.maxEventAge.toSeconds(),
          },
        }),
      },
    });
  }
}
