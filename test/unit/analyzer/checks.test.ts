import { describe, expect, it } from 'vitest';

import { CHECKS } from '#functions/analyzer/checks/index.ts';
import { tokenQuestions } from '#functions/analyzer/token-questions.ts';
import { absent, type CheckId, failed, known } from '#shared/domain/evidence.ts';
import type { TokenSnapshot } from '#shared/ports/token-reader.ts';
import { addressNamed } from '../../support/detections.ts';
import { anOpening } from '../../support/evidence.ts';
import { handClock } from '../../support/hand-clock.ts';
import { fakeSources, hanging, soundSnapshot } from '../../support/token-sources.ts';

const somebody = addressNamed('somebody');
const noLinks = { twitter: null, telegram: null, website: null };

/** What one check finds, and what it has published on the way. */
async function run<Id extends CheckId>(
  id: Id,
  answers: Parameters<typeof fakeSources>[0] = {},
  opening = anOpening(),
) {
  const fakes = fakeSources(answers);
  const { as } = tokenQuestions(
    { sources: fakes.sources, pause: handClock().pause },
    opening,
    { openingSlot: 7, stakeLamports: 100_000_000n, absentRetries: 0, absentRetryMs: 1 },
    new AbortController().signal,
  );
  const published: unknown[] = [];
  const finding = await CHECKS[id].run(as(id), (facts) => {
    published.push(facts);
  });
  return { finding, published, asked: fakes.asked };
}

const snapshot = (changes: Partial<TokenSnapshot>) => ({
  snapshot: async () => known({ ...soundSnapshot(), ...changes }) as never,
});

describe('the metadata check', () => {
  const metaplex = {
    mint: addressNamed('token mint'),
    name: 'Other',
    symbol: 'OTHER',
    uri: 'ipfs://other',
    updateAuthority: somebody,
    mutable: false,
  };
  const own = { name: 'Gary', symbol: 'GARY', uri: 'ipfs://gary', updateAuthority: null };
  const plain = { ...soundSnapshot().mint, metadata: null };

  it.each([
    [
      'the mint itself',
      { mint: { ...plain, metadata: own }, metaplex },
      { ...own, mutable: false },
    ],
    [
      'the mint itself, which somebody may change',
      { mint: { ...plain, metadata: { ...own, updateAuthority: somebody } }, metaplex: undefined },
      { ...own, updateAuthority: somebody, mutable: true },
    ],
    [
      'Metaplex, for a mint without',
      { mint: plain, metaplex },
      {
        name: 'Other',
        symbol: 'OTHER',
        uri: 'ipfs://other',
        updateAuthority: somebody,
        mutable: false,
      },
    ],
    [
      'nowhere',
      { mint: plain, metaplex: undefined },
      { name: '', symbol: '', uri: '', updateAuthority: null, mutable: null },
    ],
  ])('takes what it tells from %s', async (_what, given, expected) => {
    const { finding } = await run('metadata', snapshot(given));
    expect(finding).toMatchObject({ status: 'known', facts: expected });
  });

  it('publishes what is on chain before the document is there', async () => {
    const { published, finding } = await run('metadata');
    expect(published).toMatchObject([
      { name: 'Gary', offchain: failed('no answer before the analysis ended') },
    ]);
    expect(finding).toMatchObject({ facts: { offchain: { status: 'known' } } });
  });

  it('reads the document where the account says it lies', async () => {
    const { finding, asked } = await run('metadata', {
      ...snapshot({ mint: plain, metaplex }),
      document: async () => failed('HTTP 403'),
    });
    expect(asked.document).toBe(1);
    expect(finding).toMatchObject({ facts: { offchain: failed('HTTP 403') } });
  });
});

const document = (links: object) => ({
  document: async () => known({ name: '', ...noLinks, ...links }) as never,
});
const listing = (links: object) => ({
  listing: async () => known({ trading: {}, links: { ...noLinks, ...links } }) as never,
});
const profile = (links: object) => ({
  profile: async () =>
    known({ hasProfile: true, boosts: 7, links: { ...noLinks, ...links } }) as never,
});
const silent = { ...document({}), ...listing({}), ...profile({}) };

describe('the social check', () => {
  it('takes the first good link of each kind, and names who had one', async () => {
    const { finding } = await run('social', {
      ...document({ twitter: 'https://x.com/other/status/1', website: 'https://one.example' }),
      ...listing({ twitter: 'https://x.com/gary', website: 'https://two.example' }),
      ...profile({ telegram: 'https://t.me/gary' }),
    });
    expect(finding).toMatchObject({
      facts: {
        twitter: 'gary',
        telegram: 'gary',
        website: 'https://one.example/',
        sources: ['metadata', 'jupiter', 'dexscreener'],
        dexProfile: true,
        boosts: 7,
      },
    });
  });

  it.each([
    ['a profile on X', document({ twitter: 'https://x.com/gary' }), ['metadata']],
    ['a group', listing({ telegram: 'https://t.me/gary' }), ['jupiter']],
    ['a website', profile({ website: 'https://gary.example' }), ['dexscreener']],
    ['nothing that counts', document({ twitter: 'https://x.com/i/communities/1' }), []],
  ])('counts a source for %s', async (_what, answers, sources) => {
    const { finding } = await run('social', { ...silent, ...answers });
    expect(finding).toMatchObject({ facts: { sources } });
  });

  it('counts no source that did not answer', async () => {
    const { finding } = await run('social', {
      ...silent,
      listing: async () => failed('down'),
      profile: async () => absent('not indexed'),
    });
    expect(finding).toMatchObject({
      facts: { sources: [], dexProfile: null, boosts: null, twitter: null },
    });
  });

  it.each([
    ['absent', 'nobody knows the token yet', absent, absent],
    ['absent', 'one does not know it and the others are down', absent, failed],
    ['failed', 'all are down', failed, failed],
  ])('is %s when %s', async (status, _when, first, others) => {
    const { finding } = await run('social', {
      document: async () => first('x'),
      listing: async () => others('x'),
      profile: async () => others('x'),
    });
    expect(finding.status).toBe(status);
  });

  it('asks X for the account that is linked, once', async () => {
    const { finding, asked } = await run('social', {
      ...silent,
      ...document({ twitter: 'https://x.com/gary' }),
      xAccount: async () => known({ handle: 'gary', followers: 3 }) as never,
    });
    expect(asked.xAccount).toBe(1);
    expect(finding).toMatchObject({ facts: { xAccount: { facts: { followers: 3 } } } });
  });

  it('asks X for nobody when none is linked', async () => {
    const { finding, asked } = await run('social', { ...silent, xAccount: hanging });
    expect(asked.xAccount).toBe(0);
    expect(finding).toMatchObject({ facts: { xAccount: absent('no X profile is linked') } });
  });
});

describe('the honeypot check', () => {
  const frozen = snapshot({ mint: { ...soundSnapshot().mint, freezeAuthority: somebody } });

  it('publishes its own rules before the report is there', async () => {
    const { published, finding } = await run('honeypot', {
      ...frozen,
      report: async () => absent('RugCheck: not found'),
    });
    const own = { restrictions: [{ kind: 'freeze-authority' }], transferFeeBps: 0 };
    expect(published).toMatchObject([{ ...own, rugcheck: { status: 'failed' } }]);
    expect(finding).toMatchObject({
      facts: { ...own, rugcheck: absent('RugCheck: not found') },
    });
  });

  it('knows nothing of a mint that is not there, whatever RugCheck says', async () => {
    const { finding, published } = await run('honeypot', { snapshot: async () => absent('x') });
    expect(finding).toEqual(absent('x'));
    expect(published).toEqual([]);
  });
});

describe('the liquidity check', () => {
  it('reads the pool, and weighs the stake against it', async () => {
    const { finding } = await run('liquidity');
    expect(finding).toMatchObject({
      facts: { quoteReserve: 85_000_000_000n, stakeImpactBps: 12, lockedLiquidityBps: 10_000 },
    });
  });

  it('knows nothing of a pool that is not there', async () => {
    const { finding } = await run('liquidity', snapshot({ quoteVault: undefined }));
    expect(finding).toEqual(absent('the vaults are not there yet'));
  });
});

describe('the holders check', () => {
  it('leaves out the pool', async () => {
    const { finding } = await run('holders', {
      holdings: async () =>
        known([
          { owner: anOpening().pool, tokenAccount: somebody, amount: 900_000n },
          { owner: somebody, tokenAccount: somebody, amount: 10_000n },
        ]) as never,
    });
    expect(finding).toMatchObject({ facts: { top1Bps: 100, pooledBps: 9_000 } });
  });

  const wallets = ['one', 'two', 'three'].map((name) => addressNamed(name));
  const holdings = async () =>
    known(wallets.map((owner) => ({ owner, tokenAccount: null, amount: 150_000n }))) as never;

  it('counts the first slot as one party', async () => {
    const { finding } = await run('holders', {
      holdings,
      firstBuyers: async () => known(wallets.slice(0, 2)) as never,
    });
    expect(finding).toMatchObject({ facts: { top1Bps: 1_500, bundleBps: 3_000 } });
  });

  it.each([
    ['are not listed yet', async () => absent('not yet')],
    ['cannot be read', async () => Promise.reject(new Error('refused'))],
  ])('keeps the holders when the first buyers %s', async (_why, firstBuyers) => {
    const { finding } = await run('holders', { holdings, firstBuyers });
    expect(finding).toMatchObject({ status: 'known', facts: { bundleBps: null, top1Bps: 1_500 } });
  });

  it('asks RugCheck for nothing when the node has answered', async () => {
    const { asked } = await run('holders');
    expect(asked.report).toBe(0);
  });
});
