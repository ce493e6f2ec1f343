import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { telegramName, websiteUrl, xHandle } from '#shared/domain/social-links.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';

describe('xHandle', () => {
  it.each<[string | null, string | null]>([
    [null, null],
    ['', null],
    ['https://x.com/GaryCatX', 'garycatx'],
    ['https://twitter.com/GaryCatX/', 'garycatx'],
    ['http://www.x.com/@GaryCatX?s=21#top', 'garycatx'],
    ['https://mobile.twitter.com/gary', 'gary'],
    ['x.com/gary', 'gary'],
    ['@Gary', 'gary'],
    ['gary_1', 'gary_1'],
    ['https://x.com/Polymarket/status/2108217383206760828', null],
    ['https://x.com/i/communities/1234567890', null],
    ['https://x.com/search?q=gary', null],
    ['https://x.com/intent/user?screen_name=gary', null],
    ['https://x.com/home', null],
    ['https://x.com/', null],
    ['x.com', null],
    ['https://x.com/sixteen_letters_', null],
    ['https://x.com.evil.example/gary', null],
    ['https://x.com@evil.example/gary', null],
    ['https://evil.example/x.com/gary', null],
    ['javascript:alert(1)', null],
    ['home', null],
    ['none', null],
    ['N/A', null],
    ['https://x.com/none', 'none'],
    ['a b', null],
    ['https://x.com/g%61ry', null],
  ])('of %s is %s', (link, handle) => {
    expect(xHandle(link)).toBe(handle);
  });
});

describe('telegramName', () => {
  it.each<[string | null, string | null]>([
    [null, null],
    ['https://t.me/MartiansOfMars', 'martiansofmars'],
    ['t.me/gary', 'gary'],
    ['https://telegram.me/garycat/', 'garycat'],
    ['https://t.me/+AbCdEfGh_1-x', '+AbCdEfGh_1-x'],
    ['https://t.me/joinchat/AbCdEfGh', 'joinchat/AbCdEfGh'],
    ['https://t.me/joinchat', null],
    ['https://t.me/share', null],
    ['https://t.me/share/url?url=x', null],
    ['https://t.me/gary/123', null],
    ['https://t.me/', null],
    ['https://t.me.evil.example/gary', null],
    ['@gary', null],
  ])('of %s is %s', (link, name) => {
    expect(telegramName(link)).toBe(name);
  });
});

describe('websiteUrl', () => {
  it.each<[string | null, string | null]>([
    [null, null],
    ['https://garycat.fun', 'https://garycat.fun/'],
    ['http://gary.example:8080/a?utm=1#b', 'http://gary.example:8080/a'],
    ['https://user:secret@gary.example/', 'https://gary.example/'],
    ['https://xn--gry-elb.example/', 'https://xn--gry-elb.example/'],
    ['gary.example', null],
    ['ftp://gary.example', null],
    ['javascript:alert(1)', null],
    ['data:text/html,hello', null],
    ['https://localhost/', null],
    ['https://127.0.0.1/', null],
    ['https://2130706433/', null],
    ['https://[::1]/', null],
    ['https://x.com/gary', null],
    ['https://www.twitter.com/gary', null],
    ['https://m.youtube.com/watch?v=1', null],
    ['https://discord.com/invite/x', null],
    ['https://pump.fun/coin/x', null],
    ['https://notx.com/', 'https://notx.com/'],
    [`https://gary.example/${'a'.repeat(400)}`, `https://gary.example/${'a'.repeat(279)}`],
  ])('of %s is %s', (link, url) => {
    expect(websiteUrl(link)).toBe(url);
  });
});

describe.skipIf(!hasRecordings)('recorded profiles of DexScreener', () => {
  const schema = z.array(
    z.object({
      links: z.array(z.object({ type: z.string().optional(), url: z.string() })).optional(),
    }),
  );
  it.each([
    ['dexscreener/token-profiles-latest.json', [null, 'artex_llm', 'onefifthcost']],
    ['dexscreener/token-boosts-latest.json', ['martiansofmars', 'bankereum', null]],
  ])('%s: only profiles count, not posts of others', (file, handles) => {
    const found = schema
      .parse(recorded(file))
      .map(({ links }) => xHandle(links?.find(({ type }) => type === 'twitter')?.url ?? null));
    expect(found).toEqual(handles);
  });
});
