import { describe, expect, it } from 'vitest';

import type { Assembly, StackTemplate } from '#infra/local/cloud/template/assembly.ts';
import { stackModel } from '#infra/local/cloud/template/stack-model.ts';

const empty = { Resources: {}, Outputs: {}, Parameters: {}, Conditions: {}, Mappings: {} };

function assembly(...stacks: (Partial<StackTemplate> & { name: string })[]): Assembly {
  return {
    stacks: stacks.map((stack) => Object.assign({}, empty, stack)),
    assetDirectories: new Map(),
    region: undefined,
  };
}

const bucket = { Type: 'AWS::S3::Bucket', Properties: {} };

describe('stackModel', () => {
  it('leads references through exports, stack outputs and parameters to the resource', () => {
    const model = stackModel(
      assembly(
        {
          name: 'State',
          Resources: { Store: bucket },
          Outputs: {
            ExportsOutputRefStore: {
              Value: { Ref: 'Store' },
              Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Store' } },
            },
            PublishOutputArn: { Value: { 'Fn::GetAtt': ['Store', 'Arn'] } },
          },
        },
        {
          name: 'Pipeline',
          Parameters: { Size: { Default: '7' } },
          Outputs: {
            Strong: { Value: { 'Fn::ImportValue': 'State:Store' } },
            Weak: {
              Value: {
                'Fn::GetStackOutput': { StackName: 'State', OutputName: 'PublishOutputArn' },
              },
            },
            Parameter: { Value: { Ref: 'Size' } },
            Where: { Value: { 'Fn::Sub': '${AWS::Partition}/${AWS::Region}/${AWS::AccountId}' } },
          },
        },
      ),
      'eu-west-1',
      'SUFFIX',
    );
    for (const resource of model.resources('AWS::S3::Bucket'))
      model.identify(resource, { ref: 'store-1', attributes: { Arn: 'arn:store-1' } });

    expect(Object.fromEntries(model.outputs())).toEqual({
      Strong: 'store-1',
      Weak: 'arn:store-1',
      Parameter: '7',
      Where: 'aws/eu-west-1/000000000000',
    });
  });

  it('says what is needed before it is made, and which attribute is unknown', () => {
    const reference = { 'Fn::GetAtt': ['Store', 'WebsiteURL'] };
    const model = stackModel(
      assembly({ name: 'S', Resources: { Store: bucket }, Outputs: { Url: { Value: reference } } }),
      'eu-west-1',
      'SUFFIX',
    );
    expect(() => model.outputs()).toThrow('S/Store is needed before the local cloud has made it');

    for (const resource of model.resources('AWS::S3::Bucket'))
      model.identify(resource, { ref: 'store-1', attributes: {} });
    expect(() => model.outputs()).toThrow('S/Store (AWS::S3::Bucket) has no attribute WebsiteURL');
  });

  it('leaves out a resource whose condition does not hold', () => {
    const model = stackModel(
      assembly({
        name: 'S',
        Conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'elsewhere'] } },
        Resources: { Store: { ...bucket, Condition: 'Never' }, Other: bucket },
      }),
      'eu-west-1',
      'SUFFIX',
    );

    expect(model.resources('AWS::S3::Bucket').map(({ logicalId }) => logicalId)).toEqual(['Other']);
  });

  it('refuses two outputs of one name', () => {
    const Outputs = { Url: { Value: 'x' } };
    const model = stackModel(
      assembly({ name: 'A', Outputs }, { name: 'B', Outputs }),
      'r',
      'SUFFIX',
    );

    expect(() => model.outputs()).toThrow('Two stacks have an output Url');
  });

  it.each([
    { maxLength: 80, name: 'Volley-paper-Pipeline-TokensDeadLetterQueue6972916B-ABCDEFGHIJKL' },
    { maxLength: 63, name: 'Volley-paper-Pipeline-TokensDeadLetterQueue6972916-ABCDEFGHIJKL' },
    { maxLength: 40, name: 'Vo-TokensDeadLetterQueue697-ABCDEFGHIJKL' },
  ])('makes a name of at most $maxLength characters', ({ maxLength, name }) => {
    const TokensDeadLetterQueue6972916B = bucket;
    const model = stackModel(
      assembly({ name: 'Volley-paper-Pipeline', Resources: { TokensDeadLetterQueue6972916B } }),
      'r',
      'ABCDEFGHIJKL',
    );

    const [resource] = model.resources('AWS::S3::Bucket');
    const made = resource === undefined ? '' : model.physicalName(resource, maxLength);
    expect(made).toBe(name);
    expect(made.length).toBeLessThanOrEqual(maxLength);
  });
});
