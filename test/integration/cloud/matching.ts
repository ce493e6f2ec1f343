import { expect } from 'vitest';

// Vitest types these as `any`, which would switch the checks off around them.
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const containing = (part: string): unknown => expect.stringContaining(part);
export const having = (part: object): unknown => expect.objectContaining(part);
export const anyString = (): unknown => expect.any(String);
export const anyNumber = (): unknown => expect.any(Number);
