import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { MarketToken } from '#infra/local/market/openings/market-token.ts';
import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { ARCHETYPE_NAMES } from '#infra/local/market/tokens/archetype.ts';
import { HOSTILE_TRICKS } from '#infra/local/market/tokens/hostile-metadata.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { type Json, getJson, openOne, rpc } from './market-client.ts';

const clock = { offsetMs: 0 };
const now = () => Date.now() + clock.offsetMs;
let market: Market;
let graduate: MarketToken;

beforeAll(async () => {
  market = await startMarket({
    latencyMs: 0,
    indexing: 'instant',
    seed: 'upstreams',
    noise: 0,
    now,
    venues: { 'pump-fun/migrate': 1 },
  });
  do graduate = await openOne(market, 'sound');
  while (graduate.recipe.isMetadataMutable);
});
afterAll(async () => market.close());

const url = (path: string) => `${market.url}${path}`;
const report = (mint: string) => url(`/rugcheck/v1/tokens/${mint}/report`);
const tokens = (mint: string) => url(`/jupiter/tokens/v2/search?query=${mint}`);
const pairs = (mint: string) => url(`/dexscreener/token-pairs/v1/solana/${mint}`);

/** Keys that `made` lacks or has too many, at any depth; lists by their first element. */
function differences(made: unknown, model: unknown, path = ''): string[] {
  if (Array.isArray(made) && Array.isArray(model)) {
    return made.length === 0 || model.length === 0
      ? []
      : differences(made[0], model[0], `${path}[]`);
  }
  if (!isObject(made) || !isObject(model)) {
    const comparable = made !== null && model !== null;
    return comparable && typeof made !== typeof model ? [`${path}: ${typeof made}`] : [];
  }
  const keys = new Set([...Object.keys(made), ...Object.keys(model)]);
  return [...keys].flatMap((key) => {
    if (!(key in made)) return [`-${path}.${key}`];
    if (!(key in model)) return [`+${path}.${key}`];
    return differences(made[key], model[key], `${path}.${key}`);
  });
}
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function setFault(fault: object) {
  return fetch(url('/market/faults'), { method: 'POST', body: JSON.stringify(fault) });
}

/** The account on X of a token that has one. */
async function tokenWithAccount() {
  for (;;) {
    const { recipe } = await openOne(market, 'sound');
    if (recipe.xAccount !== null && !recipe.xAccount.suspended) return recipe.xAccount;
  }
}

const idOf = ({ recipe }: MarketToken) => /:\/\/(.+)$/.exec(recipe.text.uri)?.[1] ?? '';

describe.skipIf(!hasRecordings)('the shapes of recorded answers', () => {
  it('Jupiter tokens: nothing beyond the recorded fields and the optional ones', async () => {
    const made = await getJson<Json[]>(tokens(graduate.recipe.mint));
    const model = recorded('jupiter/tokens-v2-search.good-graduated.json');
    const found = differences(made, model).filter((line) => !/stats\w+\./.test(line));
    // Optional in Jupiter's documentation, absent from that sample.
    const optional = /^\+\[\]\.(twitter|telegram|website|audit\.devBalancePercentage)$/;
    expect(found.filter((line) => !optional.test(line))).toEqual([]);
    expect(made[0]).toMatchObject({ organicScore: 0, organicScoreLabel: 'low' });
    expect((made[0]!['firstPool'] as Json)['id']).toBe(graduate.recipe.mint);
  });

  it('RugCheck: the report and its summary', async () => {
    const made = await getJson(report(graduate.recipe.mint));
    const model = recorded('rugcheck/report.good-graduated-pumpswap.json');
    const found = differences(made, model).filter(
      (line) => !/knownAccounts|markets\[\]\.lp\./.test(line),
    );
    expect(found).toEqual([]);
    const summary = await getJson(`${report(graduate.recipe.mint)}/summary`);
    expect(differences(summary, recorded('rugcheck/summary.good.json'))).toEqual([]);
    expect(made).toMatchObject({ score: 1, score_normalised: 1, risks: [] });
  });

  it('DexScreener: pairs', async () => {
    const made = await getJson(pairs(graduate.recipe.mint));
    const found = differences(made, recorded('dexscreener/token-pairs.good-graduated.json'));
    expect(found.filter((line) => !/\.info|\.priceChange\./.test(line))).toEqual([]);
  });

  it.each([
    ['buys', 'ultra-order.buy-no-taker.json', true],
    ['sells', 'ultra-order.sell-no-taker.json', false],
  ] as const)('Jupiter orders without a taker: %s', async (_, file, isBuy) => {
    const { mint } = graduate.recipe;
    const [input, output] = isBuy ? [WRAPPED_SOL, mint] : [mint, WRAPPED_SOL];
    const path = `/jupiter/swap/v2/order?inputMint=${input}&outputMint=${output}&amount=100000000`;
    const made = await getJson(url(path));
    expect(differences(made, recorded(`jupiter/${file}`))).toEqual([]);
    expect(made['transaction']).toBeNull();
    expect(Number(made['priceImpact'])).toBeLessThan(0);
    expect(made['feeBps']).toBe(50);
  });

  it('Jupiter prices', async () => {
    const made = await getJson(url(`/jupiter/price/v3?ids=${graduate.recipe.mint}`));
    const model = recorded('jupiter/price-v3.json') as Json;
    const [sample] = Object.values(model);
    const found = differences(Object.values(made)[0], sample);
    expect(found).toEqual(['-.launchpad']);
  });

  it('X: an account that nobody has', async () => {
    const made = await getJson(url('/x/2/users/by/username/nonexist'), {
      authorization: 'Bearer token',
    });
    expect(made).toEqual(recorded('x-api/user-by-username.not-found.json'));
  });
});

describe('what upstreams know', () => {
  it('nothing of a mint that never was', async () => {
    const stranger = '8ZCmwpW3MtC5UpNcZf7U4HMvRNTo71syU11BDiAFpump';
    expect(await getJson(tokens(stranger))).toEqual([]);
    expect(await getJson(pairs(stranger))).toEqual([]);
    const response = await fetch(report(stranger));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'not found' });
    expect(await getJson(url(`/jupiter/price/v3?ids=${stranger}`))).toEqual({});
  });

  it('nothing of a token that is not indexed yet, and all of it later', async () => {
    const young = await openOne(market, 'not-indexed-yet');
    const { mint } = young.recipe;
    const largest = async () =>
      rpc(market.url, 'getTokenLargestAccounts', [mint, { commitment: 'confirmed' }]);
    expect(await largest()).toMatchObject({
      error: { message: 'Invalid param: could not find mint' },
    });
    expect(await getJson(tokens(mint))).toEqual([]);
    const pending = await fetch(report(mint));
    expect(pending.status).toBe(400);
    expect(await pending.json()).toEqual({ error: 'unable to generate report' });
    clock.offsetMs += 13_000;
    expect(await largest()).toHaveProperty('result');
    expect(await getJson(tokens(mint))).toHaveLength(1);
    expect((await fetch(report(mint))).status).toBe(200);
    expect(await getJson(pairs(mint))).toHaveLength(1);
  });

  it('a stale upstream forgets the youngest tokens', async () => {
    const token = await openOne(market, 'sound');
    await setFault({ upstream: 'jupiter', kind: 'stale', staleMs: 60_000 });
    expect(await getJson(tokens(token.recipe.mint))).toEqual([]);
    await setFault({ upstream: 'jupiter', kind: 'none' });
    expect(await getJson(tokens(token.recipe.mint))).toHaveLength(1);
  });

  it('RugCheck refuses credentials that it does not know', async () => {
    const response = await fetch(report(graduate.recipe.mint), {
      headers: { 'x-api-key': 'mine' },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: 'invalid api key' });
  });

  it.each([
    { archetype: 'rug-history', says: 'Creator history of rugged tokens', least: 60 },
    { archetype: 'freezable', says: 'Freeze Authority still enabled', least: 50 },
    { archetype: 'mintable', says: 'Mint Authority still enabled', least: 50 },
    { archetype: 'concentrated', says: 'Single holder ownership', least: 40 },
  ] as const)('RugCheck says "$says" of $archetype', async ({ archetype, says, least }) => {
    const { recipe } = await openOne(market, archetype);
    type Report = { risks: { name: string }[]; score_normalised: number };
    const { risks, score_normalised } = await getJson<Report>(report(recipe.mint));
    expect(risks.map(({ name }) => name)).toContain(says);
    expect(score_normalised).toBeGreaterThanOrEqual(least);
  });

  it.each(ARCHETYPE_NAMES.filter((name) => name !== 'not-indexed-yet'))(
    'every upstream answers about %s',
    async (archetype) => {
      const everywhere = await startMarket({
        latencyMs: 0,
        indexing: 'instant',
        seed: `all/${archetype}`,
      });
      const { recipe } = await openOne(everywhere, archetype);
      for (const path of [
        `/rugcheck/v1/tokens/${recipe.mint}/report`,
        `/rugcheck/v1/tokens/${recipe.mint}/report/summary`,
        `/jupiter/tokens/v2/search?query=${recipe.mint}`,
        `/jupiter/price/v3?ids=${recipe.mint}`,
        `/jupiter/swap/v2/order?inputMint=${WRAPPED_SOL}&outputMint=${recipe.mint}&amount=1000000`,
        `/dexscreener/token-pairs/v1/solana/${recipe.mint}`,
      ]) {
        const response = await fetch(`${everywhere.url}${path}`);
        expect([path, response.status]).toEqual([path, 200]);
        expect(Object.keys((await response.json()) as Json)).not.toEqual([]);
      }
      await everywhere.close();
    },
  );

  it("Jupiter's audit flags what is suspicious, and only that", async () => {
    const { recipe } = await openOne(market, 'suspicious');
    const [flagged] = await getJson<{ audit: Json }[]>(tokens(recipe.mint));
    expect(flagged?.audit['isSus']).toBe(true);
    const [clean] = await getJson<{ audit: Json }[]>(tokens(graduate.recipe.mint));
    expect(clean?.audit).not.toHaveProperty('isSus');
  });

  it('Jupiter answers many mints in one search, leaving out those it does not know', async () => {
    const other = await openOne(market, 'sound');
    const both = await getJson<Json[]>(
      tokens(`${graduate.recipe.mint},${WRAPPED_SOL},${other.recipe.mint}`),
    );
    expect(both.map(({ id }) => id)).toEqual([graduate.recipe.mint, other.recipe.mint]);
  });

  it('X wants a token, and knows the accounts of the tokens', async () => {
    expect((await fetch(url('/x/2/users/by/username/someone'))).status).toBe(401);
    const account = await tokenWithAccount();
    const user = await getJson<{ data: Json }>(
      url(`/x/2/users/by/username/${account.handle}?user.fields=created_at,public_metrics`),
      { authorization: 'Bearer token' },
    );
    expect(user.data).toMatchObject({
      username: account.handle,
      public_metrics: { followers_count: account.followers },
    });
  });
});

describe('metadata hosts', () => {
  it('serve the document of a token, under both gateways', async () => {
    const document = await getJson(url(`/ipfs/${idOf(graduate)}`));
    expect(document).toMatchObject({
      name: graduate.recipe.text.name,
      symbol: graduate.recipe.text.symbol,
    });
    expect(await getJson(url(`/arweave/${idOf(graduate)}`))).toEqual(document);
    expect((await fetch(url('/ipfs/bafkreinothing'))).status).toBe(404);
  });

  it('attack in all the ways that are listed', async () => {
    const seen = new Set<string>();
    const texts: string[] = [];
    for (let time = 0; time < 120; time += 1) {
      const { recipe } = await openOne(market, 'metadata-hostile');
      seen.add(recipe.hosted.kind);
      texts.push(recipe.text.name, recipe.text.symbol, recipe.text.uri);
    }
    const all = texts.join('\n');
    const wanted = HOSTILE_TRICKS.flatMap(({ uri, tokenName }) => uri ?? tokenName ?? []);
    expect(wanted.filter((text) => !all.includes(text))).toEqual([]);
    expect([...seen].sort()).toEqual(['deep', 'huge', 'json', 'redirect', 'text']);
  });

  it('send ten megabytes, twenty thousand levels and redirects when asked', async () => {
    const bodies: Record<string, Response> = {};
    while (Object.keys(bodies).length < 3) {
      const token = await openOne(market, 'metadata-hostile');
      const { kind } = token.recipe.hosted;
      if (!['huge', 'deep', 'redirect'].includes(kind)) continue;
      bodies[kind] = await fetch(url(`/ipfs/${idOf(token)}`), { redirect: 'manual' });
    }
    expect(Number(bodies['huge']?.headers.get('content-length'))).toBeGreaterThan(10_000_000);
    expect((await bodies['deep']!.text()).startsWith('{"name":"Moon","extensions":[[[')).toBe(true);
    expect(bodies['redirect']?.status).toBe(302);
    expect(bodies['redirect']?.headers.get('location')).toMatch(/^(http:\/\/169|file:)/);
    await bodies['huge']?.body?.cancel();
  });
});
