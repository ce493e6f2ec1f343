import { describe, expect, it } from 'vitest';

import { checkJava, parseJavaVersion } from '#infra/local/cloud/emulators/dynamodb-local.ts';

describe('parseJavaVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_202"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
  ])('reads %s', (printed, version) => {
    expect(parseJavaVersion(printed)).toBe(version);
  });
});

describe('checkJava', () => {
  it('takes Java 11 and newer', () => {
    expect(() => {
      checkJava(11);
    }).not.toThrow();
  });

  it.each([
    { version: undefined, says: 'Java was not found' },
    { version: 8, says: 'Java 8 is too old' },
  ])('says how to go on when $says', ({ version, says }) => {
    expect(() => {
      checkJava(version);
    }).toThrow(
      new RegExp(
        `^${says}.*apt-get install openjdk-17.*brew install openjdk@17.*DYNAMODB_ENDPOINT=`,
      ),
    );
  });
});
