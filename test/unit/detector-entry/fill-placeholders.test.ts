import { describe, expect, it } from 'vitest';

import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';

const keys = { KEY: 'v$&1', OTHER: 'w', EMPTY: '' };

describe('fillPlaceholders', () => {
  it.each([
    { text: 'https://host/path', filled: 'https://host/path' },
    { text: '', filled: '' },
    { text: '${KEY}', filled: 'v$&1' },
    { text: 'https://h/?api-key=${KEY}&b=${OTHER}', filled: 'https://h/?api-key=v$&1&b=w' },
    { text: '${OTHER}${OTHER}', filled: 'ww' },
    { text: '${EMPTY}', filled: '' },
    { text: '$KEY {KEY} $ {KEY}', filled: '$KEY {KEY} $ {KEY}' },
  ])('makes "$filled" of "$text"', ({ text, filled }) => {
    expect(fillPlaceholders(text, keys)).toBe(filled);
  });

  it('does not look for placeholders in a value', () => {
    expect(fillPlaceholders('${A}', { A: '${B}', B: 'no' })).toBe('${B}');
  });

  it.each([
    { when: 'a key is missing', text: '${NOWHERE}', name: 'NOWHERE' },
    { when: 'a key is missing within a URL', text: 'https://h/${NOWHERE}', name: 'NOWHERE' },
    { when: 'a key of every object is asked for', text: '${constructor}', name: 'constructor' },
    { when: 'an empty key would leave a hole', text: 'https://h/?api-key=${EMPTY}', name: 'EMPTY' },
    { when: 'the placeholder has no name', text: '${}', name: '' },
  ])('is refused, naming the key and no value, when $when', ({ text, name }) => {
    expect(() => fillPlaceholders(text, keys)).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        context: { issues: [expect.stringContaining(`the key ${name} is `) as string] },
      }),
    );
    expect(() => fillPlaceholders(`${text}\${KEY}`, keys)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('v$&1') as string }),
    );
  });
});
