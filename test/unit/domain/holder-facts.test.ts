import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import type { Address } from '#shared/domain/address.ts';
import { type Holding, holderFacts } from '#shared/domain/holder-facts.ts';
import { CUSTODY_OWNERS } from '#shared/domain/venue.ts';
import { parseJson } from '#shared/adapters/http/parse-json.ts';
import { addressNamed } from '../../support/detections.ts';
import { anOpening } from '../../support/evidence.ts';
import { hasRecordings, recordedText } from '../../support/recorded.ts';

const opening = anOpening();
const SUPPLY = 10_000n;
const held = (owner: string, amount: bigint, tokenAccount: string | null = null): Holding => ({
  owner,
  tokenAccount,
  amount,
});
const alice = addressNamed('alice');
const bob = addressNamed('bob');

describe('holderFacts', () => {
  it('counts who bought in the first slot as one party among the ten largest', () => {
    const people = Array.from({ length: 14 }, (_, index) => addressNamed(`wallet ${index}`));
    const holdings = people.map((owner) => held(owner, 300n));
    const first = new Set<string>(people.slice(0, 5));

    const facts = holderFacts(opening, SUPPLY, holdings, first);
    // Nine single wallets of 300 and the party of five with 1,500.
    expect(facts).toMatchObject({ top1Bps: 300, top10Bps: 4_200, bundleBps: 1_500 });
    expect(holderFacts(opening, SUPPLY, holdings)).toMatchObject({
      top10Bps: 3_000,
      bundleBps: null,
    });
  });

  it('does not count the pool as somebody who bought first', () => {
    const first = new Set<string>([opening.pool]);
    expect(holderFacts(opening, SUPPLY, [held(opening.pool, 9_000n)], first)).toMatchObject({
      bundleBps: 0,
    });
  });

  it('counts the largest people, merged by owner', () => {
    const facts = holderFacts(opening, SUPPLY, [
      held(alice, 300n, 'one'),
      held(bob, 500n),
      held(alice, 400n, 'two'),
      held(opening.creator!, 100n),
    ]);
    expect(facts).toMatchObject({
      top1Bps: 700,
      top10Bps: 1_300,
      creatorBps: 100,
      pooledBps: 0,
      listed: 3,
      circulating: SUPPLY,
      bundleBps: null,
    });
  });

  it.each([
    ['owned by the pool', held(opening.pool, 8_000n)],
    ["that is the pool's vault, whoever owns it", held(alice, 8_000n, opening.baseVault)],
    ...[...CUSTODY_OWNERS].map((owner): [string, Holding] => [`of ${owner}`, held(owner, 8_000n)]),
  ])('leaves out an account %s, and counts it as pooled', (_what, holding) => {
    expect(holderFacts(opening, SUPPLY, [holding, held(bob, 200n)])).toMatchObject({
      top1Bps: 200,
      pooledBps: 8_000,
      circulating: 2_000n,
      // All of what is listed of 2,000 that circulate: a tenth of it, squared.
      concentrationIndex: 100,
    });
  });

  it.each(['1nc1nerator11111111111111111111111111111111', '11111111111111111111111111111111'])(
    'leaves out what is burnt at %s',
    (owner) => {
      const facts = holderFacts(opening, SUPPLY, [held(owner, 9_000n), held(bob, 100n)]);
      expect(facts).toMatchObject({ top1Bps: 100, pooledBps: 0, circulating: 1_000n });
    },
  );

  it('takes a vault by its token account only where the pool has one', () => {
    const without = anOpening({ baseVault: null });
    expect(holderFacts(without, SUPPLY, [held(alice, 9_000n, null)])?.top1Bps).toBe(9_000);
  });

  it('counts ten, not eleven', () => {
    const eleven = Array.from({ length: 11 }, (_, at) => held(addressNamed(`holder ${at}`), 100n));
    expect(holderFacts(opening, SUPPLY, eleven)).toMatchObject({ top10Bps: 1_000, listed: 11 });
  });

  it('rounds a share up', () => {
    expect(holderFacts(opening, 3n, [held(alice, 1n)])?.top1Bps).toBe(3_334);
  });

  it('knows no share of a creator that is not known', () => {
    expect(holderFacts(anOpening({ creator: null }), SUPPLY, [])?.creatorBps).toBeNull();
  });

  it('is nothing when they hold more than there is', () => {
    expect(holderFacts(opening, SUPPLY, [held(alice, 5_000n), held(bob, 5_001n)])).toBeUndefined();
    expect(holderFacts(opening, SUPPLY, [held(alice, 5_000n), held(bob, 5_000n)])).toBeDefined();
  });

  it('calls one holder of everything a concentration of 10,000', () => {
    expect(holderFacts(opening, SUPPLY, [held(alice, SUPPLY)])).toMatchObject({
      top1Bps: 10_000,
      concentrationIndex: 10_000,
    });
  });

  it('names no share when all lies in the pool', () => {
    expect(holderFacts(opening, SUPPLY, [held(opening.pool, SUPPLY)])).toMatchObject({
      top1Bps: 0,
      concentrationIndex: 0,
      circulating: 0n,
    });
  });

  it.skipIf(!hasRecordings)('sees through the Mayhem vault of a recorded token', () => {
    const report = z
      .object({
        creator: z.string(),
        token: z.object({ supply: z.number() }),
        topHolders: z.array(z.object({ owner: z.string(), amount: z.number() })),
        markets: z.array(z.object({ pubkey: z.string() })),
      })
      .parse(parseJson(recordedText('rugcheck/report.risky-mayhem-creator-history.json')));
    const facts = holderFacts(
      anOpening({
        pool: report.markets[0]!.pubkey as Address,
        creator: report.creator as Address,
        baseVault: null,
      }),
      BigInt(report.token.supply),
      report.topHolders.map(({ owner, amount }) => held(owner, BigInt(amount))),
    );
    // RugCheck counts the vault as a holder of half; only the creator's 0.11 % is a person's.
    expect(facts).toMatchObject({ top1Bps: 11, top10Bps: 11, creatorBps: 11, listed: 1 });
  });
});
