import bs58 from 'bs58';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeBase58 } from '#functions/detector/base58.ts';
import { chainTransactionsOf } from '#functions/detector/chain-transaction.ts';
import { openingsIn } from '#functions/detector/openings.ts';
import { openingsInText } from '#functions/detector/openings-in-text.ts';
import { VENUE_DECODERS } from '#functions/detector/venues/index.ts';
import type { OpeningForm } from '#functions/detector/venues/venue-decoder.ts';
import { decodeWireTransaction } from '#functions/detector/wire-transaction.ts';
import { addressOfBytes } from '#shared/domain/address.ts';
import { poolOpeningSchema } from '#shared/domain/detection.ts';
import { VENUES, VENUE_PROGRAMS, type Venue, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { type Call, ENCODINGS, bytes, transactionOf } from '../support/call-trees.ts';

const all = new Set(VENUES);

const openingForms = VENUE_DECODERS.flatMap(({ venue, forms }) =>
  forms.flatMap((form) => (form.kind === 'opening' ? [{ venue, form }] : [])),
);
const anyForm = fc.constantFrom(...openingForms);
const anyAddress = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(addressOfBytes);

/** More accounts than any form reads, each its own, wSOL as the second mint. */
const anyAccounts = (form: OpeningForm) =>
  fc
    .uniqueArray(anyAddress, { minLength: 32, maxLength: 32 })
    .map((accounts) =>
      accounts.map((account, index) => (index === form.accounts.mintB ? WRAPPED_SOL : account)),
    );

const anyOpening = anyForm.chain(({ venue, form }) =>
  fc.record({
    venue: fc.constant(venue),
    form: fc.constant(form),
    accounts: anyAccounts(form),
    // Zeros: no strings, no options, no creator argument. What follows is arbitrary.
    behind: fc.uint8Array({ maxLength: 300 }),
  }),
);

type Opening = { venue: Venue; form: OpeningForm; accounts: string[]; behind: Uint8Array };

const callOf = ({ venue, form, accounts, behind }: Opening): Call => ({
  program: VENUE_PROGRAMS[venue],
  accounts,
  data: bytes(form.discriminator, new Uint8Array(form.leastDataBytes), behind),
});

const found = (body: unknown) =>
  chainTransactionsOf(body).transactions.map((transaction) => openingsIn(transaction, all));

const WORDS =
  'result params value block transactions transaction meta message signatures accountKeys pubkey ' +
  'instructions innerInstructions index programIdIndex programId accounts data loadedAddresses ' +
  'writable readonly err status slot';

/** JSON that looks like transactions: the right words around anything at all. */
const { anything: nearlyBody } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 9, depthIdentifier: 'body' },
    fc.constantFrom(
      null,
      0,
      1,
      -1,
      3.5,
      '',
      'x',
      'base64',
      WRAPPED_SOL,
      ...Object.values(VENUE_PROGRAMS),
    ),
    fc.constantFrom(
      ...openingForms.map(({ form }) => bs58.encode(Buffer.from(form.discriminator, 'hex'))),
    ),
    fc.array(tie('anything'), { maxLength: 6 }),
    fc.dictionary(fc.constantFrom(...WORDS.split(' ')), tie('anything'), { maxKeys: 8 }),
  ),
}));

describe('the detector', () => {
  it('answers for any JSON, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (body) => {
        const { transactions, refused } = openingsInText(JSON.stringify(body), all);
        expect(transactions + refused.length).toBeGreaterThanOrEqual(
          Array.isArray(body) ? body.length : 1,
        );
      }),
    );
  });

  it('answers for JSON with the words of a transaction, and never throws', () => {
    fc.assert(
      fc.property(nearlyBody, (body) => {
        for (const { openings } of found(body))
          for (const opening of openings) expect(poolOpeningSchema.parse(opening)).toEqual(opening);
      }),
      { numRuns: 3_000 },
    );
  });

  it('answers for a transaction with any part of it replaced, and never throws', () => {
    const part = fc.constantFrom('meta', 'transaction', 'message', 'keys', 'instruction', 'inner');
    fc.assert(
      fc.property(anyOpening, part, nearlyBody, (opening, where, junk) => {
        const body = transactionOf([{ ...callOf(opening), calls: [callOf(opening)] }]);
        const { message } = body.transaction as { message: Record<string, unknown> };
        if (where === 'meta') Object.assign(body, { meta: junk });
        if (where === 'transaction') Object.assign(body, { transaction: junk });
        if (where === 'message') Object.assign(body.transaction, { message: junk });
        if (where === 'keys') message['accountKeys'] = junk;
        if (where === 'instruction') message['instructions'] = [junk];
        if (where === 'inner') Object.assign(body.meta, { innerInstructions: junk });
        expect(() => found(body)).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { transactions, refused } = openingsInText(text, all);
        expect(transactions === 0 && refused.length === 1).toBe(text.trim() !== '[]');
      }),
    );
  });

  it('finds the pool of every form, whatever is added behind its data', () => {
    fc.assert(
      fc.property(anyOpening, (opening) => {
        const [{ openings, unresolved }] = found(transactionOf([callOf(opening)])) as [
          ReturnType<typeof openingsIn>,
        ];
        const { accounts } = opening.form;
        expect(unresolved).toEqual([]);
        expect(openings).toHaveLength(1);
        expect(openings[0]).toMatchObject({
          venue: opening.venue,
          pool: opening.accounts[accounts.pool],
          mint: opening.accounts[accounts.mintA],
          baseVault: accounts.vaultA === null ? null : opening.accounts[accounts.vaultA],
        });
        expect(poolOpeningSchema.parse(openings[0])).toEqual(openings[0]);
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same pool when the mints stand the other way round', () => {
    const pairs = openingForms.filter(({ form }) => form.pair === 'by-quote-mint');
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs).chain(({ venue, form }) =>
          anyAccounts(form).map((accounts) => ({
            venue,
            form,
            accounts,
            behind: new Uint8Array(),
          })),
        ),
        (opening) => {
          const { mintA, mintB, vaultA, vaultB } = opening.form.accounts;
          const swapped = [...opening.accounts];
          for (const [one, other] of [
            [mintA, mintB],
            [vaultA, vaultB],
          ] as [number, number][]) {
            swapped[one] = opening.accounts[other]!;
            swapped[other] = opening.accounts[one]!;
          }
          expect(found(transactionOf([callOf({ ...opening, accounts: swapped })]))).toEqual(
            found(transactionOf([callOf(opening)])),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throws on data or accounts cut anywhere: it is a pool, unresolved, or nothing', () => {
    fc.assert(
      fc.property(anyOpening, fc.nat(400), fc.nat(32), (opening, length, count) => {
        const call = callOf(opening);
        const cut = {
          ...call,
          data: call.data.subarray(0, length),
          accounts: call.accounts.slice(0, count),
        };
        const [result] = found(transactionOf([cut]));
        const known = length * 2 >= opening.form.discriminator.length && count > 1;
        expect(result!.openings.length + result!.unresolved.length).toBe(known ? 1 : 0);
        const tooShort = length < opening.form.leastDataBytes;
        expect(tooShort && result!.openings.length > 0).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds the same in every encoding, wherever the accounts are looked up', () => {
    fc.assert(
      fc.property(
        fc.array(anyOpening, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.boolean()),
        (openings, coins) => {
          const calls = openings.map((opening) => ({
            ...callOf(opening),
            calls: [callOf(opening)],
          }));
          const lookedUp = openings.flatMap(({ accounts }) =>
            accounts.filter(() => coins.next().value === true),
          );
          const [json, ...others] = ENCODINGS.map((encoding) =>
            found(transactionOf(calls, { encoding, lookedUp })),
          );
          for (const other of others) expect(other).toEqual(json);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('decodeBase58', () => {
  it('is the inverse of bs58, zeros in front included', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.uint8Array({ maxLength: 600 }), (zeros, rest) => {
        const value = Uint8Array.from([...new Uint8Array(zeros), ...rest]);
        expect(decodeBase58(bs58.encode(value))).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses what bs58 refuses', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const expected = bs58.decodeUnsafe(text);
        expect(decodeBase58(text)).toEqual(expected && Uint8Array.from(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses more digits than an instruction can carry', () => {
    expect(decodeBase58('2'.repeat(13_985))).toBeInstanceOf(Uint8Array);
    expect(decodeBase58('2'.repeat(13_986))).toBeUndefined();
  });
});

describe('decodeWireTransaction', () => {
  it('answers for any bytes, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_500 }), (junk) => {
        const decoded = decodeWireTransaction(Uint8Array.of(0, ...junk));
        expect(typeof decoded).toBe('string');
        expect(() => decodeWireTransaction(junk)).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });
});
