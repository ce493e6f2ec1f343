import { describe, expect, it } from 'vitest';

import {
  type IntrinsicScope,
  NO_VALUE,
  resolveIntrinsics,
} from '#infra/local/cloud/template/intrinsics.ts';

const scope: IntrinsicScope = {
  ref: (name) => (name === 'AWS::NoValue' ? NO_VALUE : `ref:${name}`),
  attribute: (logicalId, name) => `att:${logicalId}.${name}`,
  condition: (name) => name === 'Yes',
  mapping: (map, first, second) => `map:${map}.${first}.${second}`,
  importValue: (name) => `import:${name}`,
  stackOutput: (stack, output) => `output:${stack}.${output}`,
};

describe('resolveIntrinsics', () => {
  it.each([
    { value: { Ref: 'Table' }, is: 'ref:Table' },
    { value: { 'Fn::GetAtt': ['Table', 'Arn'] }, is: 'att:Table.Arn' },
    { value: { 'Fn::GetAtt': 'Table.Stream.Arn' }, is: 'att:Table.Stream.Arn' },
    {
      value: { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] },
      is: 'a-ref:B-3',
    },
    {
      value: { 'Fn::Sub': '${AWS::Region}/${Fn.Arn}/${!Literal}' },
      is: 'ref:AWS::Region/att:Fn.Arn/${Literal}',
    },
    {
      value: { 'Fn::Sub': ['${A}+${B}', { A: { 'Fn::GetAtt': ['X', 'Y'] } }] },
      is: 'att:X.Y+ref:B',
    },
    { value: { 'Fn::Select': [1, { 'Fn::Split': [':', { Ref: 'Queue' }] }] }, is: 'Queue' },
    { value: { 'Fn::Base64': 'text' }, is: 'dGV4dA==' },
    { value: { 'Fn::FindInMap': ['M', { Ref: 'K' }, 'v'] }, is: 'map:M.ref:K.v' },
    { value: { 'Fn::ImportValue': { 'Fn::Sub': 's:${N}' } }, is: 'import:s:ref:N' },
    {
      value: {
        'Fn::GetStackOutput': { StackName: 'S', OutputName: 'O', Region: { Ref: 'AWS::Region' } },
      },
      is: 'output:S.O',
    },
    { value: { 'Fn::If': ['Yes', { Ref: 'A' }, 'b'] }, is: 'ref:A' },
    { value: { 'Fn::If': ['No', { Ref: 'A' }, 'b'] }, is: 'b' },
    { value: { 'Fn::Equals': [{ Ref: 'A' }, 'ref:A'] }, is: true },
    { value: { 'Fn::Not': [{ Condition: 'Yes' }] }, is: false },
    { value: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, is: false },
    { value: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] }, is: true },
    {
      value: { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] },
      is: { b: [1] },
    },
    {
      value: { Condition: { Bool: { x: 'false' } } },
      is: { Condition: { Bool: { x: 'false' } } },
    },
    { value: [1, null, 'x', false], is: [1, null, 'x', false] },
  ])('resolves $value', ({ value, is }) => {
    expect(resolveIntrinsics(value, scope)).toEqual(is);
  });

  it.each([
    { value: { 'Fn::Cidr': ['10.0.0.0/16', 6, 8] }, says: 'Fn::Cidr' },
    { value: { 'Fn::Select': [5, ['a']] }, says: 'there is no item 5' },
    { value: { 'Fn::Join': ['-', [{ deep: 1 }]] }, says: 'Fn::Join needs a string' },
  ])('refuses $value', ({ value, says }) => {
    expect(() => resolveIntrinsics(value, scope)).toThrow(says);
  });
});
