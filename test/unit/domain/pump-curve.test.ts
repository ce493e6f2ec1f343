import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { decodePumpCurve } from '#shared/domain/pump-curve.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { addressNamed } from '../../support/detections.ts';
import { u64 } from '../../support/mint-bytes.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';

const owner = VENUE_PROGRAMS['pump-fun'];
const account = (complete = 0) =>
  Buffer.concat([
    Buffer.from('17b7f83760d8ac60', 'hex'),
    ...[1_073n, 30n, 793n, 0n, 1_000n].map(u64),
    Buffer.from([complete]),
  ]);

describe('decodePumpCurve', () => {
  it('reads the reserves', () => {
    expect(decodePumpCurve(owner, account())).toEqual({
      virtualTokenReserves: 1_073n,
      virtualSolReserves: 30n,
      realTokenReserves: 793n,
      realSolReserves: 0n,
      complete: false,
    });
  });

  it('knows a curve that is sold out', () => {
    expect(decodePumpCurve(owner, account(1))?.complete).toBe(true);
  });

  it.each([
    ['of another program', addressNamed('other'), account()],
    ['of another kind', owner, Buffer.concat([Buffer.alloc(8), account().subarray(8)])],
    ['cut short', owner, account().subarray(0, 48)],
  ])('knows no account %s', (_what, program, data) => {
    expect(decodePumpCurve(program, data)).toBeUndefined();
  });

  it.skipIf(!hasRecordings)('reads a recorded curve', () => {
    const { result } = z
      .object({
        result: z.object({ value: z.object({ data: z.array(z.string()), owner: z.string() }) }),
      })
      .parse(recorded('solana-rpc/getAccountInfo.pumpfun-bonding-curve.json'));
    const curve = decodePumpCurve(
      result.value.owner,
      Buffer.from(result.value.data[0]!, 'base64'),
    )!;
    expect(curve).toEqual({
      virtualTokenReserves: 1_045_502_991_298_183n,
      virtualSolReserves: 30_789_008_086n,
      realTokenReserves: 765_602_991_298_183n,
      realSolReserves: 789_008_086n,
      complete: false,
    });
    // 30 SOL of a curve are virtual.
    expect(curve.virtualSolReserves - curve.realSolReserves).toBe(30_000_000_000n);
  });
});
