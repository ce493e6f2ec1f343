import { describe, expect, it } from 'vitest';

import { ByteReader } from '#functions/detector/byte-reader.ts';
import { borshString, bytes, key, u64 } from '../../support/call-trees.ts';
import { addressNamed } from '../../support/detections.ts';

describe('ByteReader', () => {
  it('reads fields in order, from an array that is a part of another', () => {
    const whole = bytes('ffff', '07', u64(2n ** 63n), borshString('żółw'), key(addressNamed('a')));
    const reader = new ByteReader(whole.subarray(2));

    expect(reader.u8()).toBe(7);
    expect(reader.u64()).toBe(2n ** 63n);
    expect(reader.skipString().address()).toBe(addressNamed('a'));
    expect(reader.u8()).toBeUndefined();
  });

  it('answers nothing more once a field did not fit, though a smaller one would', () => {
    const reader = new ByteReader(bytes('0102030405'));

    expect(reader.u64()).toBeUndefined();
    expect(reader.u8()).toBeUndefined();
  });

  it('does not believe the length of a string that goes past the end', () => {
    const reader = new ByteReader(bytes('ffffffff', '01'));
    expect(reader.skipString().u8()).toBeUndefined();
  });
});
