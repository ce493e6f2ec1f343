import { LocalCloudError } from '../local-cloud-error.ts';
import type { Assembly } from './assembly.ts';

/** Resource types that the local cloud gives life to. */
export const LIVING_TYPES = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Url',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
] as const;
export type LivingType = (typeof LIVING_TYPES)[number];

/**
 * Resource types that change nothing about how messages and records flow: permissions, logs and
 * what watches the system. They are accepted and do nothing here.
 */
const INERT_TYPES: ReadonlySet<string> = new Set([
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::ResourcePolicy',
]);

const isLiving = (type: string): type is LivingType => LIVING_TYPES.some((one) => one === type);

/**
 * Whether the local cloud plays a resource type.
 *
 * @throws {LocalCloudError} for a type that is on neither list: what is not known could change how
 * the system behaves, so it is not passed over in silence.
 */
export function isPlayed(type: string, where: string): type is LivingType {
  if (isLiving(type)) return true;
  if (INERT_TYPES.has(type)) return false;
  throw new LocalCloudError(
    `${where} has the type ${type}, which the local cloud does not know: ` +
      'give it a behaviour in infra/local/cloud, or add it to the inert types.',
  );
}

/** Checks every resource type of the assembly, so that all unknown ones show at once. */
export function checkResourceTypes({ stacks }: Assembly): void {
  const problems: string[] = [];
  for (const stack of stacks)
    for (const [logicalId, { Type }] of Object.entries(stack.Resources)) {
      try {
        isPlayed(Type, `${stack.name}/${logicalId}`);
      } catch (error) {
        if (!(error instanceof LocalCloudError)) throw error;
        problems.push(error.message);
      }
    }
  if (problems.length > 0) throw new LocalCloudError(problems.join('\n'));
}
