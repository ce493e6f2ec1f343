import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export type AlarmRule = {
  readonly metric: IMetric;
  /** Red from this value on; with `silence`, red below it. */
  readonly threshold: number;
  /** Periods in a row. */
  readonly periods: number;
  /** What a person loses while it is red: one sentence, the first line of the mail. */
  readonly lost: string;
  /** Heading of `docs/operations.md` that says what to do. */
  readonly runbook: string;
  /** True where too little is the problem: no data at all is red then, else it is green. */
  readonly silence?: boolean;
};

/** The alarms of a stage and the topic that they all speak to. */
export class Alarms extends Construct {
  readonly topic: Topic;

  /** `email`: who is told; empty for nobody. */
  constructor(scope: Construct, id: string, { email }: { readonly email: string }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // Forcing TLS writes a policy, which takes the place of the default one that let alarms publish.
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== '') this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Makes an alarm that tells the topic when it goes red, and when it is green again. */
  add(id: string, rule: AlarmRule): Alarm {
    const { metric, threshold, periods, lost, runbook, silence = false } = rule;
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: silence
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: silence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${lost} What to do: docs/operations.md#${runbook}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    return alarm;
  }
}
