import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { parseJson } from '#shared/adapters/http/parse-json.ts';
import { cleanText } from '#shared/domain/clean-text.ts';
import { amountOut, priceImpactBps } from '#shared/domain/constant-product.ts';
import {
  extensionSchema,
  holdersFactsSchema,
  liquidityFactsSchema,
  offchainMetadataSchema,
  restrictionSchema,
} from '#shared/domain/evidence.ts';
import { holderFacts } from '#shared/domain/holder-facts.ts';
import { METAPLEX_PROGRAM, decodeMetaplexMetadata } from '#shared/domain/metaplex-metadata.ts';
import { readOffchainMetadata } from '#shared/domain/offchain-metadata.ts';
import { poolReserves } from '#shared/domain/pool-reserves.ts';
import { decodePumpCurve } from '#shared/domain/pump-curve.ts';
import { restrictionsOf, transferFeeBps } from '#shared/domain/restrictions.ts';
import { telegramName, websiteUrl, xHandle } from '#shared/domain/social-links.ts';
import { decodeTokenAccount } from '#shared/domain/token-account.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM, decodeMint } from '#shared/domain/token-mint.ts';
import { MAX_U64, portion, shareBps } from '#shared/domain/units.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { addressNamed } from '../support/detections.ts';
import { anOpening } from '../support/evidence.ts';
import { mint2022Bytes, tlv } from '../support/mint-bytes.ts';

const u64s = fc.bigInt({ min: 0n, max: MAX_U64 });
const bytes = fc.uint8Array({ maxLength: 700 });
const hostileText = fc.string({ maxLength: 400, unit: 'binary' });

/** Token-2022 mints with entries of every type and of any length, some cut short. */
const anyMint = fc
  .record({
    entries: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40 }), fc.uint8Array({ maxLength: 130 })),
      {
        maxLength: 45,
      },
    ),
    cut: fc.nat({ max: 20 }),
  })
  .map(({ entries, cut }) => {
    const data = mint2022Bytes(entries.map(([type, value]) => tlv(type, value)));
    return data.subarray(0, Math.max(0, data.length - cut));
  });

describe('bytes from the chain', () => {
  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, anyMint), (data) => {
        for (const program of [TOKEN_PROGRAM, TOKEN_2022_PROGRAM]) {
          decodeMint(program, data);
          decodeTokenAccount(program, data);
        }
        const metaplex = decodeMetaplexMetadata(METAPLEX_PROGRAM, Uint8Array.of(4, ...data));
        expect((metaplex?.name ?? '').length).toBeLessThanOrEqual(64);
        expect((metaplex?.uri ?? '').length).toBeLessThanOrEqual(256);
        const curve = Uint8Array.of(0x17, 0xb7, 0xf8, 0x37, 0x60, 0xd8, 0xac, 0x60, ...data);
        decodePumpCurve(VENUE_PROGRAMS['pump-fun'], curve);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a mint make facts that can be stored', () => {
    let read = 0;
    fc.assert(
      fc.property(anyMint, (data) => {
        const mint = decodeMint(TOKEN_2022_PROGRAM, data);
        if (mint === undefined) return;
        read += 1;
        z.array(extensionSchema).max(40).parse(mint.extensions);
        z.array(restrictionSchema).max(42).parse(restrictionsOf(mint));
        expect(transferFeeBps(mint)).toBeLessThanOrEqual(10_000);
        const known = new Set([18, 19, 20, 21, 22, 23, 1, 6, 12, 14, 26]);
        const foreign = mint.extensions.filter(({ typeNumber }) => !known.has(typeNumber));
        // Whatever is not known to be harmless is a restriction.
        expect(restrictionsOf(mint).length).toBeGreaterThanOrEqual(foreign.length);
      }),
      { numRuns: 1_000 },
    );
    expect(read).toBeGreaterThan(50);
  });
});

describe('texts from outside', () => {
  // oxlint-disable-next-line no-control-regex -- naming the control characters is the purpose.
  const unsafe = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/;

  it('come out harmless, short, whole, and the same a second time', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 64 }), (text, max) => {
        const clean = cleanText(text, max);
        expect(clean.length).toBeLessThanOrEqual(max);
        expect(clean).not.toMatch(unsafe);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanText(clean, max)).toBe(clean);
      }),
      { numRuns: 2_000 },
    );
  });

  it('make links that can be stored, or none', () => {
    const links = fc.oneof(
      hostileText,
      fc.webUrl({ withQueryParameters: true, size: 'large' }),
      fc.tuple(fc.constantFrom('x.com/', 't.me/', '@'), hostileText).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(links, (link) => {
        expect(xHandle(link) ?? 'a').toMatch(/^[a-z0-9_]{1,15}$/);
        expect((telegramName(link) ?? '').length).toBeLessThanOrEqual(64);
        const url = websiteUrl(link);
        expect((url ?? '').length).toBeLessThanOrEqual(300);
        expect(url ?? 'https://').toMatch(/^https?:\/\//);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a metadata document make facts that can be stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(hostileText, fc.jsonValue()), (any, fields) => {
        const names = { name: any, image: any, twitter: any, extensions: fields, links: any };
        for (const document of [any, fields, { ...fields, ...names }]) {
          const facts = readOffchainMetadata(document);
          expect(offchainMetadataSchema.parse(facts)).toEqual(facts);
        }
      }),
    );
  });
});

describe('amounts', () => {
  it('never understate a share, and never overstate a portion', () => {
    fc.assert(
      fc.property(u64s, u64s, fc.integer({ min: 0, max: 10_000 }), (a, b, bps) => {
        const [part, whole] = a < b ? [a, b] : [b, a];
        const share = shareBps(part, whole);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(10_000);
        expect(BigInt(share) * whole).toBeGreaterThanOrEqual(part * 10_000n);
        expect(portion(whole, bps) * 10_000n).toBeLessThanOrEqual(whole * BigInt(bps));
        expect(share > 0).toBe(part > 0n);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never take more out of a pool than there is, and cost more for more', () => {
    fc.assert(
      fc.property(u64s, u64s, u64s, u64s, (amount, more, reserveIn, reserveOut) => {
        const out = amountOut(amount, reserveIn, reserveOut);
        expect(out).toBeGreaterThanOrEqual(0n);
        expect(out < reserveOut || reserveOut === 0n).toBe(true);
        expect(amountOut(amount + more, reserveIn, reserveOut)).toBeGreaterThanOrEqual(out);
        const impact = priceImpactBps(amount, reserveIn);
        expect(impact).toBeLessThanOrEqual(10_000);
        expect(priceImpactBps(amount + more, reserveIn)).toBeGreaterThanOrEqual(impact);
        // The product never falls.
        expect((reserveIn + amount) * (reserveOut - out)).toBeGreaterThanOrEqual(
          reserveIn * reserveOut,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('of holders make facts that can be stored, or none', () => {
    const opening = anOpening();
    const owners = fc.oneof(
      fc.constantFrom(opening.pool, opening.creator, '1nc1nerator11111111111111111111111111111111'),
      fc.integer({ min: 0, max: 9 }).map((at) => addressNamed(`holder ${at}`)),
    );
    const holdings = fc.array(
      fc.record({
        owner: owners.map(String),
        tokenAccount: fc.option(fc.constantFrom(opening.baseVault!, addressNamed('other'))),
        amount: u64s.map((amount) => amount / 25n),
      }),
      { maxLength: 22 },
    );
    fc.assert(
      fc.property(holdings, u64s, (held, extra) => {
        const total = held.reduce((sum, { amount }) => sum + amount, 0n);
        const supply = total + (extra % (MAX_U64 - total + 1n));
        const facts = holderFacts(opening, supply, held)!;
        z.encode(holdersFactsSchema, facts);
        expect(facts.top10Bps).toBeGreaterThanOrEqual(facts.top1Bps);
        expect(facts.creatorBps!).toBeLessThanOrEqual(facts.top10Bps);
        expect(holderFacts(opening, total - 1n, held)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('of a pool make facts that can be stored', () => {
    fc.assert(
      fc.property(u64s, u64s, u64s, fc.boolean(), (quote, base, stake, onCurve) => {
        const opening = anOpening(onCurve ? { venue: 'pump-fun' } : {});
        const finding = poolReserves(
          opening,
          {
            curve: {
              virtualTokenReserves: base,
              virtualSolReserves: quote,
              realTokenReserves: base,
              realSolReserves: quote,
              complete: false,
            },
            baseVault: { mint: opening.mint, owner: opening.pool, amount: base },
            quoteVault: { mint: opening.quoteMint, owner: opening.pool, amount: quote },
            lpSupply: base,
          },
          stake,
        );
        expect(finding.status).toBe('known');
        if (finding.status === 'known') z.encode(liquidityFactsSchema, finding.facts);
      }),
    );
  });
});

describe('JSON with large integers', () => {
  it('keeps every integer of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_U64, max: MAX_U64 }), (value) => {
        const parsed = parseJson(`{"a":[${value}],"b":"${value}"}`);
        const number = Number.isSafeInteger(Number(value)) ? Number(value) : value;
        expect(parsed).toEqual({ a: [number === 0 ? 0 : number], b: String(value) });
      }),
    );
  });

  it('is what JSON.parse makes of everything else', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
