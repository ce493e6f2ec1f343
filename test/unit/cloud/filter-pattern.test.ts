import { describe, expect, it } from 'vitest';

import { compileFilterCriteria } from '#infra/local/cloud/sources/filter-pattern.ts';

const record = {
  eventName: 'INSERT',
  count: 5,
  tags: ['a', 'b'],
  none: null,
  dynamodb: { NewImage: { verdict: { S: 'BUY' }, score: { N: '71' } } },
};

describe('compileFilterCriteria', () => {
  it.each([
    { pattern: { eventName: ['INSERT'] }, passes: true },
    { pattern: { eventName: ['MODIFY', 'INSERT'] }, passes: true },
    { pattern: { eventName: ['MODIFY'] }, passes: false },
    { pattern: { eventName: ['insert'] }, passes: false },
    { pattern: { eventName: [{ 'equals-ignore-case': 'insert' }] }, passes: true },
    {
      pattern: { eventName: ['INSERT'], dynamodb: { NewImage: { verdict: { S: ['BUY'] } } } },
      passes: true,
    },
    {
      pattern: { eventName: ['INSERT'], dynamodb: { NewImage: { verdict: { S: ['SKIP'] } } } },
      passes: false,
    },
    { pattern: { dynamodb: { OldImage: { verdict: { S: ['BUY'] } } } }, passes: false },
    { pattern: { dynamodb: { OldImage: { verdict: { S: [{ exists: false }] } } } }, passes: true },
    { pattern: { missing: [{ exists: true }] }, passes: false },
    { pattern: { eventName: [{ exists: true }] }, passes: true },
    { pattern: { eventName: [{ prefix: 'INS' }] }, passes: true },
    { pattern: { eventName: [{ prefix: 'SERT' }] }, passes: false },
    { pattern: { eventName: [{ suffix: 'SERT' }] }, passes: true },
    { pattern: { eventName: [{ 'anything-but': ['REMOVE'] }] }, passes: true },
    { pattern: { eventName: [{ 'anything-but': 'INSERT' }] }, passes: false },
    { pattern: { missing: [{ 'anything-but': 'INSERT' }] }, passes: false },
    { pattern: { count: [5] }, passes: true },
    { pattern: { count: ['5'] }, passes: false },
    { pattern: { count: [{ numeric: ['=', 5] }] }, passes: true },
    { pattern: { count: [{ numeric: ['>', 0, '<=', 5] }] }, passes: true },
    { pattern: { count: [{ numeric: ['>', 5] }] }, passes: false },
    {
      pattern: { dynamodb: { NewImage: { score: { N: [{ numeric: ['>', 5] }] } } } },
      passes: false,
    },
    { pattern: { tags: ['b', 'c'] }, passes: true },
    { pattern: { tags: ['c'] }, passes: false },
    { pattern: { none: [null] }, passes: true },
  ])('says $passes to $pattern', ({ pattern, passes }) => {
    expect(compileFilterCriteria([JSON.stringify(pattern)])(record)).toBe(passes);
  });

  it('passes a record that one of several filters lets through, and everything without filters', () => {
    const either = compileFilterCriteria(['{"eventName":["MODIFY"]}', '{"count":[5]}']);

    expect(either(record)).toBe(true);
    expect(either({ eventName: 'REMOVE' })).toBe(false);
    expect(compileFilterCriteria([])({})).toBe(true);
  });

  it.each([
    '{"a":[{"cidr":"10.0.0.0/24"}]}',
    '{"a":[{"wildcard":"x*"}]}',
    '{"a":[{"numeric":["~",1]}]}',
    '{"a":[{"anything-but":{"prefix":"x"}}]}',
    '{"$or":[{"a":[1]},{"b":[2]}]}',
    '{"a":"not a list"}',
    '{"a":[]}',
    '{"a":[["x"]]}',
  ])('refuses %s', (pattern) => {
    expect(() => compileFilterCriteria([pattern])).toThrow(/^Event filter: /);
  });
});
