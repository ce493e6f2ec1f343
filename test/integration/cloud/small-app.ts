import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Properties = Readonly<Record<string, unknown>>;
export type SmallAppResource = { readonly Type: string; readonly Properties: Properties };

/** A cloud assembly like the one `cdk synth` writes, small enough to read. */
export type SmallApp = { readonly directory: string; readonly remove: () => void };

const STATE = 'Small-State';
const PIPELINE = 'Small-Pipeline';

/** A reference into the other stack, in the weak form that CDK writes. */
export const fromState = (outputName: string): unknown => ({
  'Fn::GetStackOutput': {
    StackName: STATE,
    Region: { Ref: 'AWS::Region' },
    OutputName: outputName,
  },
});

export const arnOf = (logicalId: string): unknown => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A function whose bundle is `source`. */
export function lambda(name: string, properties: Properties = {}): SmallAppResource {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: {
        S3Bucket: { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}-${AWS::Region}' },
        S3Key: `${name}.zip`,
      },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      MemorySize: 128,
      Timeout: 5,
      ...properties,
    },
  };
}

export const resource = (Type: string, Properties: Properties = {}): SmallAppResource => ({
  Type,
  Properties,
});

export const itemsTable = resource('AWS::DynamoDB::GlobalTable', {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  Replicas: [{ Region: { Ref: 'AWS::Region' } }],
  StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
});

export type SmallAppStacks = {
  readonly state?: Readonly<Record<string, SmallAppResource>>;
  readonly stateOutputs?: Readonly<Record<string, unknown>>;
  readonly pipeline: Readonly<Record<string, SmallAppResource>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Source of each bundle, by the name that `lambda` got. */
  readonly bundles: Readonly<Record<string, string>>;
};

const outputs = (values: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(values).map(([name, Value]) => [name, { Value }]));

const stack = (name: string) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://unknown-account/unknown-region',
  properties: { templateFile: `${name}.template.json` },
});

/** Writes two stacks and their bundles into a temporary directory. */
export function writeSmallApp(stacks: SmallAppStacks): SmallApp {
  const directory = mkdtempSync(join(tmpdir(), 'volley-small-app-'));
  const write = (file: string, value: unknown): void => {
    writeFileSync(join(directory, file), JSON.stringify(value));
  };
  write(`${STATE}.template.json`, {
    Resources: stacks.state ?? {},
    Outputs: outputs(stacks.stateOutputs),
  });
  write(`${PIPELINE}.template.json`, {
    Resources: stacks.pipeline,
    Outputs: outputs(stacks.outputs),
  });
  const files: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(stacks.bundles)) {
    mkdirSync(join(directory, `asset.${name}`));
    writeFileSync(join(directory, `asset.${name}`, 'index.mjs'), source);
    files[name] = {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { current: { bucketName: 'assets', objectKey: `${name}.zip` } },
    };
  }
  write(`${PIPELINE}.assets.json`, { version: '55.0.0', files });
  write('manifest.json', {
    version: '55.0.0',
    artifacts: {
      [STATE]: stack(STATE),
      [PIPELINE]: stack(PIPELINE),
      [`${PIPELINE}.assets`]: {
        type: 'cdk:asset-manifest',
        properties: { file: `${PIPELINE}.assets.json` },
      },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
  return {
    directory,
    remove() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
