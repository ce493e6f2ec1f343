import { afterEach, describe, expect, it } from 'vitest';

import { dexscreenerProfiles } from '#shared/adapters/http/dexscreener-profiles.ts';
import { type JsonClient, jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterTokenListings } from '#shared/adapters/http/jupiter-token-listings.ts';
import { rugcheckRiskReports } from '#shared/adapters/http/rugcheck-risk-reports.ts';
import { xAccounts } from '#shared/adapters/http/x-accounts.ts';
import { type Address, address } from '#shared/domain/address.ts';
import {
  type Finding,
  absent,
  organicFactsSchema,
  rugcheckSchema,
  xAccountSchema,
} from '#shared/domain/evidence.ts';
import { isFault } from '#shared/domain/fault.ts';
import { hasRecordings, recordedText } from '../../support/recorded.ts';
import { rawServer } from '../../support/raw-server.ts';

const never = new AbortController().signal;
const gary = address('8ZCmwpW3MtC5UpNcZf7U4HMvRNTo71syU11BDiAFpump');
const mayhem = address('EDQRk4ETkyb4qkcGfeVMxK3FsFXava7Q3HFxmpJXpump');
const wrappedSol = address('So11111111111111111111111111111111111111112');
const jup = address('JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN');

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});

/** A client of a server that answers everything with this. */
async function answering(body: string, status = 200) {
  const server = await rawServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const client = jsonClient({ upstream: 'test', url: `${server.origin}/base`, timeoutMs: 1_000 });
  running.push({ stop: client.close }, server);
  return { client, asked: server.asked };
}

const factsOf = <Facts>(finding: Finding<Facts>): Facts => {
  if (finding.status === 'known') return finding.facts;
  throw new Error(`${finding.status}: ${finding.reason}`);
};

const jupiter = async (body: string, mint: Address = gary, status = 200) => {
  const { client, asked } = await answering(body, status);
  return { finding: await jupiterTokenListings(client).find(mint, never), asked };
};
const rugcheck = async (body: string, mint: Address = gary, status = 200) => {
  const { client, asked } = await answering(body, status);
  return { finding: await rugcheckRiskReports(client).find(mint, never), asked };
};
const dexscreener = async (body: string, mint: Address = gary) => {
  const { client, asked } = await answering(body);
  return { finding: await dexscreenerProfiles(client).find(mint, never), asked };
};
const x = async (body: string, status = 200) => {
  const { client, asked } = await answering(body, status);
  return { finding: await xAccounts(client).find('garycatx', never), asked };
};

const item = (changes: object) => JSON.stringify([{ id: gary, ...changes }]);
const report = (changes: object) =>
  JSON.stringify({ score_normalised: 5, rugged: false, ...changes });
const pair = (changes: object) => ({ baseToken: { address: gary }, ...changes });

describe.skipIf(!hasRecordings)('recorded answers of Jupiter', () => {
  it('list a graduated token', async () => {
    const { finding, asked } = await jupiter(
      recordedText('jupiter/tokens-v2-search.good-graduated.json'),
    );
    expect(asked).toEqual([`/base/tokens/v2/search?query=${gary}`]);
    expect(finding).toEqual({
      status: 'known',
      facts: {
        trading: {
          // 0 is what every young token has.
          organicScore: null,
          holderCount: 2_988,
          buys: 374,
          sells: 154,
          traders: 152,
          organicBuyers: null,
          netBuyers: 102,
          suspicious: false,
          devBalanceBps: null,
          devMints: 2,
          devMigrations: 1,
          liquidityUsd: 33_279.655_184_057_425,
        },
        links: { twitter: null, telegram: null, website: null },
      },
    });
  });

  it.each([
    ['tokens-v2-search.docs-jup.json', jup],
    ['tokens-v2-search.docs-wsol.json', wrappedSol],
  ])('as documented in %s are understood', async (file, mint) => {
    const { finding } = await jupiter(recordedText(`jupiter/${file}`), mint);
    const { trading } = factsOf(finding);
    expect(organicFactsSchema.parse(trading)).toEqual(trading);
    expect(trading.organicScore).toBeGreaterThan(0);
    expect(trading.holderCount).toBeGreaterThan(0);
  });

  it('that list another token list none of ours', async () => {
    const { finding } = await jupiter(
      recordedText('jupiter/tokens-v2-search.good-graduated.json'),
      mayhem,
    );
    expect(finding).toEqual(absent('not listed by Jupiter yet'));
  });

  it('out of quota are refusals', async () => {
    const refused = jupiter(recordedText('jupiter/error.429-gateway.docs.json'), gary, 429);
    await expect(refused).rejects.toMatchObject({
      code: 'upstream.refused',
      context: { status: 429 },
    });
  });
});

describe('answers of Jupiter', () => {
  it('that are empty list nothing yet', async () => {
    expect((await jupiter('[]')).finding).toEqual(absent('not listed by Jupiter yet'));
  });

  it('with nothing but the mint leave everything open', async () => {
    const { trading } = factsOf((await jupiter(item({}))).finding);
    expect(new Set(Object.values(trading))).toEqual(new Set([null]));
  });

  it.each([
    [{ audit: { isSus: true } }, { suspicious: true }],
    [{ audit: { isSus: false } }, { suspicious: false }],
    [{ audit: {} }, { suspicious: false }],
    [{ audit: null }, { suspicious: null }],
    [{ audit: { isSus: null, devBalancePercentage: null } }, { devBalanceBps: null }],
    [{ audit: { devBalancePercentage: 10.001 } }, { devBalanceBps: 1_001 }],
    [{ audit: { devBalancePercentage: 150 } }, { devBalanceBps: 10_000 }],
    [{ audit: { devBalancePercentage: -1 } }, { devBalanceBps: 0 }],
    [{ organicScore: 0 }, { organicScore: null }],
    [{ organicScore: 0.1 }, { organicScore: 0.1 }],
    [{ stats5m: null, audit: null }, { netBuyers: null }],
    [{ stats5m: { numNetBuyers: -7, numTraders: 0 } }, { netBuyers: -7, traders: 0 }],
    [{ stats5m: { numBuys: 1, numSells: 2 } }, { buys: 1, sells: 2 }],
  ])('with %o say %o', async (given, expected) => {
    expect(factsOf((await jupiter(item(given))).finding).trading).toMatchObject(expected);
  });
});

describe.skipIf(!hasRecordings)('recorded reports of RugCheck', () => {
  it('on a good token are good', async () => {
    const { finding, asked } = await rugcheck(
      recordedText('rugcheck/report.good-graduated-pumpswap.json'),
    );
    expect(asked).toEqual([`/base/v1/tokens/${gary}/report`]);
    const { risk, holders } = factsOf(finding);
    expect(risk).toMatchObject({ riskScore: 1, rugged: false, dangers: [], warnings: 0 });
    expect(rugcheckSchema.parse(risk)).toEqual(risk);
    expect(holders.length).toBeGreaterThan(0);
  });

  it('on a risky one name the dangers, and amounts to the last unit', async () => {
    const { finding } = await rugcheck(
      recordedText('rugcheck/report.risky-mayhem-creator-history.json'),
      mayhem,
    );
    const { risk, holders } = factsOf(finding);
    expect(risk).toMatchObject({
      riskScore: 62,
      dangers: ['Creator history of rugged tokens', 'Single holder ownership'],
      warnings: 0,
    });
    expect(holders[1]).toEqual({
      owner: 'BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s',
      amount: 997_144_540_048_032n,
    });
  });

  it.each([
    ['error.400-not-found.json', 'RugCheck: not found'],
    ['error.400-unable-to-generate.json', 'RugCheck: unable to generate report'],
  ])('that are not there yet (%s) are absent', async (file, reason) => {
    const { finding } = await rugcheck(recordedText(`rugcheck/${file}`), gary, 400);
    expect(finding).toEqual(absent(reason));
  });

  it('in short, that do not say whether it was rugged, are no report', async () => {
    const summary = rugcheck(recordedText('rugcheck/summary.good.json'));
    await expect(summary).rejects.toMatchObject({ code: 'upstream.malformed' });
  });
});

describe('reports of RugCheck', () => {
  it.each([
    ['rugged', { rugged: true }, { rugged: true }],
    ['with lists of null', { risks: null, topHolders: null, creatorTokens: null }, { warnings: 0 }],
    ['with insiders', { graphInsidersDetected: 4 }, { insidersDetected: 4 }],
    ['with tokens of the creator', { creatorTokens: [{}, {}] }, { creatorTokens: 2 }],
    [
      'with risks of each level',
      {
        risks: [
          { name: 'a\u202Eb', level: 'danger' },
          { name: 'c', level: 'warn' },
        ],
      },
      { dangers: ['ab'], warnings: 1 },
    ],
    [
      'with more dangers than a row keeps',
      { risks: Array.from({ length: 12 }, () => ({ name: 'x'.repeat(99), level: 'danger' })) },
      { dangers: Array.from({ length: 10 }, () => 'x'.repeat(80)), warnings: 0 },
    ],
  ])('%s are read', async (_what, given, expected) => {
    const { risk } = factsOf((await rugcheck(report(given))).finding);
    expect(risk).toMatchObject(expected);
    expect(rugcheckSchema.parse(risk)).toEqual(risk);
  });

  it('keep amounts beyond 2^53', async () => {
    const body = `{"score_normalised":5,"rugged":false,"topHolders":[{"owner":"a","amount":18446744073709551615}]}`;
    expect(factsOf((await rugcheck(body)).finding).holders).toEqual([
      { owner: 'a', amount: 18_446_744_073_709_551_615n },
    ]);
  });

  it.each([
    ['a refusal of another kind', '{"error":"bad mint"}', 400, 'upstream.refused'],
    ['no key', '{"error":"unauthorized"}', 401, 'upstream.refused'],
    ['out of quota', '', 429, 'upstream.refused'],
    ['an error', '<html>', 500, 'upstream.refused'],
    ['"not found" with status 200', '{"error":"not found"}', 200, 'upstream.malformed'],
    ['a score beyond 100', report({ score_normalised: 101 }), 200, 'upstream.malformed'],
    [
      'a negative amount',
      report({ topHolders: [{ owner: 'a', amount: -1 }] }),
      200,
      'upstream.malformed',
    ],
    ['an endless number', '{"score_normalised":1e999,"rugged":false}', 200, 'upstream.malformed'],
  ])('that are %s are faults', async (_what, body, status, code) => {
    await expect(rugcheck(body, gary, status)).rejects.toMatchObject({ code });
  });
});

describe.skipIf(!hasRecordings)('recorded answers of DexScreener', () => {
  it('show a profile', async () => {
    const { finding, asked } = await dexscreener(
      recordedText('dexscreener/token-pairs.good-graduated.json'),
    );
    expect(asked).toEqual([`/base/token-pairs/v1/solana/${gary}`]);
    expect(finding).toEqual({
      status: 'known',
      facts: {
        hasProfile: true,
        boosts: 0,
        links: {
          twitter: 'https://x.com/GaryCatX',
          telegram: null,
          website: 'https://garycat.fun',
        },
      },
    });
  });

  it('about another token show none of ours', async () => {
    const { finding } = await dexscreener(
      recordedText('dexscreener/token-pairs.good-graduated.json'),
      mayhem,
    );
    expect(finding).toEqual(absent('not indexed by DexScreener yet'));
  });
});

describe('answers of DexScreener', () => {
  it.each(['[]', 'null'])('that are %s know nothing yet', async (body) => {
    expect((await dexscreener(body)).finding).toEqual(absent('not indexed by DexScreener yet'));
  });

  it('without a profile say so', async () => {
    const { finding } = await dexscreener(JSON.stringify([pair({}), pair({ info: null })]));
    expect(factsOf(finding)).toEqual({
      hasProfile: false,
      boosts: 0,
      links: { twitter: null, telegram: null, website: null },
    });
  });

  it('take nothing from a pair in which the token is the quote', async () => {
    const info = { socials: [{ url: 'https://x.com/another', type: 'twitter' }] };
    const { finding } = await dexscreener(
      JSON.stringify([pair({}), { baseToken: { address: mayhem }, info }]),
    );
    expect(factsOf(finding)).toMatchObject({ hasProfile: false, links: { twitter: null } });
  });

  it('add up to the highest boost and the first link of each kind', async () => {
    const socials = [
      { url: 'https://t.me/gary', type: 'telegram' },
      { url: 'https://x.com/gary', type: 'twitter' },
      { url: 'https://x.com/other', type: 'twitter' },
    ];
    const { finding } = await dexscreener(
      JSON.stringify([pair({ boosts: { active: 10 } }), pair({ info: { socials }, boosts: {} })]),
    );
    expect(factsOf(finding)).toEqual({
      hasProfile: true,
      boosts: 10,
      links: { twitter: 'https://x.com/gary', telegram: 'https://t.me/gary', website: null },
    });
  });
});

describe('answers of X', () => {
  const data = {
    id: '1',
    username: 'GaryCatX',
    created_at: '2024-03-01T12:00:00.000Z',
    verified: true,
    public_metrics: { followers_count: 1_234 },
  };

  it('describe an account', async () => {
    const { finding, asked } = await x(JSON.stringify({ data }));
    expect(asked).toEqual([
      '/base/2/users/by/username/garycatx?user.fields=created_at%2Cpublic_metrics%2Cverified',
    ]);
    expect(factsOf(finding)).toEqual({
      handle: 'GaryCatX',
      followers: 1_234,
      createdAt: Date.UTC(2024, 2, 1, 12) / 1_000,
      verified: true,
    });
    expect(xAccountSchema.safeParse(factsOf(finding)).success).toBe(true);
  });

  it.skipIf(!hasRecordings)('without an account have status 200, and are absent', async () => {
    const { finding } = await x(recordedText('x-api/user-by-username.not-found.json'));
    expect(finding).toEqual(absent('X: Not Found Error'));
  });

  it.each([
    ['nothing at all', '{}', 'X: no such account'],
    ['a suspended account', '{"errors":[{"title":"Forbidden"}]}', 'X: Forbidden'],
    [
      'a long and hostile title',
      JSON.stringify({ errors: [{ title: `\u001B[31m${'x'.repeat(999)}` }] }),
      `X: [31m${'x'.repeat(76)}`,
    ],
  ])('with %s are absent', async (_what, body, reason) => {
    expect((await x(body)).finding).toEqual(absent(reason));
  });

  it.each([
    ['a foreign time', JSON.stringify({ data: { ...data, created_at: 'soon' } }), 0],
    ['no badge', JSON.stringify({ data: { ...data, verified: null } }), 1_709_294_400],
  ])('with %s are understood', async (_what, body, createdAt) => {
    expect(factsOf((await x(body)).finding)).toMatchObject({ createdAt });
  });

  it('out of quota are refusals that say how long to wait', async () => {
    const server = await rawServer((_request, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end('{}');
    });
    const client = jsonClient({ upstream: 'x', url: server.origin, timeoutMs: 1_000 });
    running.push({ stop: client.close }, server);
    await expect(xAccounts(client).find('gary', never)).rejects.toMatchObject({
      context: { upstream: 'x', status: 429, reason: 'HTTP 429, asks to wait 7 s' },
    });
    await expect(x('{}', 429)).rejects.toMatchObject({ context: { reason: 'HTTP 429' } });
  });

  it('out of quota are refusals', async () => {
    await expect(x('{}', 429)).rejects.toMatchObject({ code: 'upstream.refused' });
  });
});

describe.each<[string, (client: JsonClient) => Promise<unknown>]>([
  ['Jupiter', async (client) => jupiterTokenListings(client).find(gary, never)],
  ['RugCheck', async (client) => rugcheckRiskReports(client).find(gary, never)],
  ['DexScreener', async (client) => dexscreenerProfiles(client).find(gary, never)],
  ['X', async (client) => xAccounts(client).find('gary', never)],
])('garbage from %s', (_who, find) => {
  it('that is a broken connection is asked for once more', async () => {
    const server = await rawServer((request) => void request.socket.destroy());
    const client = jsonClient({ upstream: 'test', url: server.origin, timeoutMs: 1_000 });
    running.push({ stop: client.close }, server);
    await expect(find(client)).rejects.toMatchObject({ code: 'upstream.unavailable' });
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    ['an error page', '<html>busy</html>', 200, 'upstream.malformed'],
    ['an empty answer', '', 200, 'upstream.malformed'],
    ['a number', '7', 200, 'upstream.malformed'],
    ['a list of nothing', '[null]', 200, 'upstream.malformed'],
    ['another shape', '{"data":{"a":1},"pairs":[]}', 200, 'upstream.malformed'],
    ['half an answer', '[{"id":', 200, 'upstream.malformed'],
    ['an error page of a gateway', '<html>', 502, 'upstream.refused'],
    ['a redirect', '', 302, 'upstream.refused'],
    ['no content', '', 204, 'upstream.refused'],
    [
      'names of prototypes',
      '{"__proto__":{"id":1},"constructor":1,"data":1}',
      200,
      'upstream.malformed',
    ],
  ])('as %s is a fault', async (_what, body, status, code) => {
    const { client } = await answering(body, status);
    const fault = await find(client).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isFault(fault) && fault.code).toBe(code);
  });
});
