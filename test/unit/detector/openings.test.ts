import { describe, expect, it } from 'vitest';

import { chainTransactionsOf } from '#functions/detector/chain-transaction.ts';
import { openingsIn } from '#functions/detector/openings.ts';
import type { Address } from '#shared/domain/address.ts';
import { VENUES, VENUE_PROGRAMS, type Venue, WRAPPED_SOL } from '#shared/domain/venue.ts';
import {
  type Call,
  type TreeFacts,
  borshString,
  bytes,
  key,
  selfCall,
  transactionOf,
  u64,
} from '../../support/call-trees.ts';
import { addressNamed } from '../../support/detections.ts';

const NOBODY = '11111111111111111111111111111111';
const USDC = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const all: ReadonlySet<Venue> = new Set(VENUES);

const named = (count: number, known: Readonly<Record<number, string>>): string[] =>
  Array.from({ length: count }, (_, index) => known[index] ?? addressNamed(`account ${index}`));

function openings(calls: readonly Call[], facts: TreeFacts = {}, venues = all) {
  const { transactions, refused } = chainTransactionsOf(transactionOf(calls, facts));
  expect(refused).toEqual([]);
  return openingsIn(transactions[0]!, venues);
}

const mint = addressNamed('mint');
const creator = addressNamed('creator');
const pool = addressNamed('pool');

/** The event's fields up to `user`, then what the caller adds. */
const createEvent = (of: Address, ...rest: Uint8Array[]): Call =>
  selfCall(
    VENUE_PROGRAMS['pump-fun'],
    bytes(
      '1b72a94ddeeb6376',
      borshString('Name'),
      borshString('SYM'),
      borshString('https://x.test'),
      key(of),
      key(addressNamed('curve')),
      key(addressNamed('user')),
      ...rest,
    ),
  );

const launch = (
  { accounts = 16, args = [key(creator)] }: { accounts?: number; args?: Uint8Array[] },
  ...calls: Call[]
): Call => ({
  program: VENUE_PROGRAMS['pump-fun'],
  accounts: named(accounts, { 0: mint, 2: pool, 5: addressNamed('payer'), 16: USDC }),
  data: bytes(
    'd6904cec5f8b31b4',
    borshString('Name'),
    borshString('SYM'),
    borshString('https://x.test'),
    ...args,
  ),
  calls,
});

const middleOfCreateEvent = [u64(1), u64(2), u64(3), u64(4), u64(5), key(WRAPPED_SOL), '0000'];

const createPool = ({
  base = mint,
  quote = WRAPPED_SOL,
  coinCreator,
  ...rest
}: {
  base?: string;
  quote?: string;
  coinCreator?: string;
  calls?: Call[];
} = {}): Call => ({
  program: VENUE_PROGRAMS['pump-swap'],
  accounts: named(18, { 0: pool, 2: addressNamed('pool maker'), 3: base, 4: quote }),
  data: bytes(
    'e992d18ecf6840bc',
    '0000',
    u64(1),
    u64(2),
    coinCreator === undefined ? new Uint8Array() : key(coinCreator),
  ),
  ...rest,
});

const migrate = (...calls: Call[]): Call => ({
  program: VENUE_PROGRAMS['pump-fun'],
  accounts: named(25, { 2: mint, 9: pool }),
  data: bytes('9beae792ec9ea21e'),
  calls,
});

const cpmm = (openTime: bigint): Call => ({
  program: VENUE_PROGRAMS['raydium-cpmm'],
  accounts: named(20, { 3: pool, 4: mint, 5: WRAPPED_SOL }),
  data: bytes('afaf6d1f0d989bed', u64(1), u64(2), u64(openTime)),
});
const clmm = (openTime: bigint): Call => ({
  program: VENUE_PROGRAMS['raydium-clmm'],
  accounts: named(13, { 2: pool, 3: mint, 4: WRAPPED_SOL }),
  data: bytes('e992d18ecf6840bc', u64(1), u64(2), u64(openTime)),
});
const dlmm = (type: string, option: string): Call => ({
  program: VENUE_PROGRAMS['meteora-dlmm'],
  accounts: named(17, { 0: pool, 2: mint, 3: WRAPPED_SOL }),
  data: bytes('f349817e3313f16b', '0000000064006400', type, '00', option, u64(1_790_000_500)),
});
const dammV1 = (type: string): Call => ({
  program: VENUE_PROGRAMS['meteora-damm-v1'],
  accounts: named(25, { 0: pool, 2: mint, 3: WRAPPED_SOL }),
  data: bytes('9118acc2db7d03be', u64(1), u64(2), '00000000', '01', u64(1_790_000_500), '00', type),
});
const whirlpool = (option: string): Call => ({
  program: VENUE_PROGRAMS['orca-whirlpool'],
  accounts: named(16, { 1: WRAPPED_SOL, 2: mint, 7: pool }),
  data: bytes('8f5e604cac7c77c7', new Uint8Array(16), option, u64(1_790_000_500)),
});

const orca = (name: string): Call => ({
  program: VENUE_PROGRAMS['orca-whirlpool'],
  accounts: named(11, {
    1: WRAPPED_SOL,
    2: addressNamed(`${name} mint`),
    4: addressNamed(name),
  }),
  data: bytes('5fb40aac54aee828', new Uint8Array(19)),
});

/** Bots wrap what they call in a program of their own. */
const bot = (...calls: Call[]): Call => ({
  program: addressNamed('bot'),
  accounts: [],
  data: bytes('00'),
  calls,
});

describe('openingsIn', () => {
  describe('a launch on Pump.fun', () => {
    it.each([
      {
        says: 'the creator of the event',
        event: createEvent(mint, key(addressNamed('true creator'))),
        expected: addressNamed('true creator'),
      },
      {
        says: 'the user of an event of 2024',
        event: createEvent(mint),
        expected: addressNamed('user'),
      },
      {
        says: 'the creator argument when the event is of another mint',
        event: createEvent(addressNamed('other'), key(addressNamed('true creator'))),
        expected: creator,
      },
      { says: 'the creator argument when there is no event', event: undefined, expected: creator },
    ])('names $says', ({ event, expected }) => {
      const found = openings([launch({}, ...(event === undefined ? [] : [event]))]);

      expect(found.openings).toHaveLength(1);
      expect(found.openings[0]).toMatchObject({ mint, pool, creator: expected, event: 'launch' });
    });

    it('looks on when the first event is of another mint', () => {
      const other = createEvent(addressNamed('other'), key(addressNamed('other creator')));
      const own = createEvent(mint, key(addressNamed('true creator')));

      expect(openings([launch({}, other, own)]).openings[0]?.creator).toBe(
        addressNamed('true creator'),
      );
    });

    it('does not look for its event under another outer instruction', () => {
      const later = bot(createEvent(mint, key(addressNamed('later'))));
      expect(openings([launch({}), later]).openings[0]?.creator).toBe(creator);
    });

    it('names the payer when an old client sent no creator', () => {
      expect(openings([launch({ args: [] })]).openings[0]?.creator).toBe(addressNamed('payer'));
    });

    it('does not believe an event that another program made up', () => {
      const forged = {
        ...createEvent(mint, key(addressNamed('famous'))),
        program: addressNamed('forger'),
      };
      expect(openings([launch({}, forged)]).openings[0]?.creator).toBe(creator);
    });

    it.each([
      {
        says: 'SOL',
        when: 'it names no quote',
        accounts: 16,
        event: undefined,
        quote: WRAPPED_SOL,
      },
      { says: 'USDC', when: 'an account names it', accounts: 19, event: undefined, quote: USDC },
      { says: 'USDC', when: 'the event names it', accounts: 19, event: USDC, quote: USDC },
      { says: 'SOL', when: 'the event says 1111', accounts: 19, event: NOBODY, quote: WRAPPED_SOL },
      {
        says: 'SOL',
        when: 'the event says wrapped SOL',
        accounts: 19,
        event: WRAPPED_SOL,
        quote: WRAPPED_SOL,
      },
    ])('is paired with $says when $when', ({ accounts, event, quote }) => {
      const emitted =
        event === undefined
          ? []
          : [createEvent(mint, key(creator), bytes(...middleOfCreateEvent), key(event))];
      const [opening] = openings([launch({ accounts }, ...emitted)]).openings;

      expect(opening?.quoteMint).toBe(quote);
      expect(opening?.quoteVault).toBe(quote === USDC ? addressNamed('account 17') : null);
    });
  });

  describe('a migration', () => {
    it('is one opening, at the venue it leads to, with the coin creator', () => {
      const found = openings([migrate(createPool({ coinCreator: creator }))]);

      expect(found.unresolved).toEqual([]);
      expect(found.openings).toHaveLength(1);
      expect(found.openings[0]).toMatchObject({
        mint,
        pool,
        venue: 'pump-swap',
        event: 'migration',
        creator,
        lpMint: addressNamed('account 5'),
      });
    });

    it('is found below a bot, whose program calls the launchpad', () => {
      const calls = [bot(migrate(createPool({ coinCreator: creator })))];
      expect(openings(calls).openings[0]).toMatchObject({ event: 'migration', creator });
    });

    it('is found where the source leaves out the depth of calls', () => {
      const calls = [migrate(createPool({ coinCreator: creator }))];
      expect(openings(calls, { depths: false }).openings[0]).toMatchObject({ event: 'migration' });
    });

    it('prefers the coin creator that the program settled to the argument', () => {
      const event = selfCall(
        VENUE_PROGRAMS['pump-swap'],
        bytes(
          'b1310cd2a076a774',
          new Uint8Array(8 + 2 + 3 * 32 + 2 + 7 * 8 + 1),
          key(pool),
          new Uint8Array(3 * 32),
          key(addressNamed('settled')),
        ),
      );
      const pools = createPool({ coinCreator: creator, calls: [event] });

      expect(openings([migrate(pools)]).openings[0]?.creator).toBe(addressNamed('settled'));
    });

    it('does not take the coin creator of another pool', () => {
      const event = selfCall(
        VENUE_PROGRAMS['pump-swap'],
        bytes(
          'b1310cd2a076a774',
          new Uint8Array(8 + 2 + 3 * 32 + 2 + 7 * 8 + 1),
          key(addressNamed('other pool')),
          new Uint8Array(3 * 32),
          key(addressNamed('other creator')),
        ),
      );
      const pools = createPool({ coinCreator: creator, calls: [event] });

      expect(openings([migrate(pools)]).openings[0]?.creator).toBe(creator);
    });

    it('has no creator when the coin has none: the pool was made by a program', () => {
      const [opening] = openings([migrate(createPool({ coinCreator: NOBODY }))]).openings;
      expect(opening?.creator).toBeNull();
    });

    it.each([{ side: 'first' }, { side: 'second' }])(
      'tells the new token, the $side mint, when the quote is not a known one',
      ({ side }) => {
        const quote = addressNamed('new quote');
        const [base, other] = side === 'first' ? [mint, quote] : [quote, mint];
        const pools = createPool({ base, quote: other, coinCreator: creator });

        expect(openings([migrate(pools)]).openings[0]).toMatchObject({ mint, quoteMint: quote });
      },
    );

    describe('does not claim a pool that it did not lead to', () => {
      const otherPool = {
        ...createPool(),
        accounts: named(18, { 0: addressNamed('other pool'), 3: mint, 4: USDC }),
      };
      const ammV4: Call = {
        program: VENUE_PROGRAMS['raydium-amm-v4'],
        accounts: named(21, { 4: pool, 8: mint, 9: WRAPPED_SOL }),
        data: bytes('01fe', u64(0), u64(1), u64(2)),
      };
      it.each<{ when: string; calls: Call[]; depths?: boolean }>([
        { when: 'opened before it', calls: [bot(createPool(), migrate())] },
        { when: 'opened beside it', calls: [bot(migrate(), createPool())] },
        {
          when: 'not among its accounts, in a source that leaves out depths',
          calls: [bot(migrate(), otherPool)],
          depths: false,
        },
        {
          when: 'opened by a later outer instruction, in a source that leaves out depths',
          calls: [bot(migrate()), createPool()],
          depths: false,
        },
        { when: 'of another venue', calls: [migrate(ammV4)] },
      ])('$when', ({ calls, depths = true }) => {
        expect(openings(calls, { depths }).openings.map(({ event }) => event)).toEqual(['pool']);
      });
    });

    it('is nothing when another was faster: the program then does nothing, and succeeds', () => {
      expect(openings([migrate()])).toEqual({ openings: [], unresolved: [] });
    });

    it('is unresolved when the source has left out inner instructions', () => {
      const body = { ...transactionOf([migrate()]), meta: { err: null, innerInstructions: null } };
      const { transactions } = chainTransactionsOf(body);

      expect(openingsIn(transactions[0]!, all)).toMatchObject({
        openings: [],
        unresolved: [{ venue: 'pump-fun', instruction: 'migrate' }],
      });
    });

    it('is unresolved when it opened the pool by an instruction that is not known', () => {
      const unknown = { ...createPool(), data: bytes('0011223344556677') };
      expect(openings([migrate(unknown)])).toMatchObject({
        openings: [],
        unresolved: [{ venue: 'pump-fun', instruction: 'migrate' }],
      });
    });

    it('does not take a swap after an idle migration for its pool', () => {
      const swap = { ...createPool(), data: bytes('66063d1201daebea', u64(1), u64(2)) };
      const calls = [bot(migrate(), swap)];
      expect(openings(calls)).toEqual({ openings: [], unresolved: [] });
    });

    it.each<{ name: string; to: Venue; outer: Call; inner: Call }>([
      {
        name: 'LaunchLab to CPMM',
        to: 'raydium-cpmm',
        outer: {
          program: VENUE_PROGRAMS['raydium-launchlab'],
          accounts: named(30, { 1: mint, 2: WRAPPED_SOL, 5: pool }),
          data: bytes('885cc8671cda908c'),
        },
        inner: {
          program: VENUE_PROGRAMS['raydium-cpmm'],
          accounts: named(21, { 1: creator, 4: pool, 5: WRAPPED_SOL, 6: mint }),
          data: bytes('3f37fe4131b25979', u64(1), u64(2), u64(0), '00'),
        },
      },
      {
        name: 'LaunchLab to AMM v4',
        to: 'raydium-amm-v4',
        outer: {
          program: VENUE_PROGRAMS['raydium-launchlab'],
          accounts: named(32, { 1: mint, 2: WRAPPED_SOL, 13: pool }),
          data: bytes('cf52c091fecf91df', u64(1), u64(2), '00'),
        },
        inner: {
          program: VENUE_PROGRAMS['raydium-amm-v4'],
          accounts: named(21, { 4: pool, 8: mint, 9: WRAPPED_SOL, 17: creator }),
          data: bytes('01fe', u64(0), u64(1), u64(2)),
        },
      },
      {
        name: 'DBC to DAMM v1',
        to: 'meteora-damm-v1',
        outer: {
          program: VENUE_PROGRAMS['meteora-dbc'],
          accounts: named(31, { 4: pool, 7: mint, 8: WRAPPED_SOL }),
          data: bytes('1b013016b43f76d9'),
        },
        inner: {
          program: VENUE_PROGRAMS['meteora-damm-v1'],
          accounts: named(26, { 0: pool, 3: mint, 4: WRAPPED_SOL, 18: creator }),
          data: bytes('3095dc823d0b09b2', u64(1), u64(2), '00'),
        },
      },
      {
        name: 'DBC to DAMM v2',
        to: 'meteora-damm-v2',
        outer: {
          program: VENUE_PROGRAMS['meteora-dbc'],
          accounts: named(25, { 4: pool, 13: mint, 14: WRAPPED_SOL }),
          data: bytes('9ca9e66735e45040'),
        },
        inner: {
          program: VENUE_PROGRAMS['meteora-damm-v2'],
          accounts: named(21, { 0: creator, 7: pool, 9: mint, 10: WRAPPED_SOL }),
          data: bytes('955248c5fdfc440f', new Uint8Array(80)),
        },
      },
    ])('leads from $name', ({ to, outer, inner }) => {
      const found = openings([{ ...outer, calls: [inner] }]);

      expect(found.unresolved).toEqual([]);
      expect(found.openings).toHaveLength(1);
      expect(found.openings[0]).toMatchObject({
        mint,
        pool,
        venue: to,
        event: 'migration',
        creator,
      });
    });

    it('names nobody where a launchpad made the pool in its own name', () => {
      const authority = 'FhVo3mqL8PW5pH5U2CN4XE33DokiyZnUwuGpH2hmHLuM';
      const pools = {
        program: VENUE_PROGRAMS['meteora-damm-v2'],
        accounts: named(21, { 0: authority, 7: pool, 9: mint, 10: WRAPPED_SOL }),
        data: bytes('955248c5fdfc440f', new Uint8Array(80)),
      };
      expect(openings([pools]).openings[0]?.creator).toBeNull();
    });
  });

  it('finds a launch and its graduation as two openings of one mint', () => {
    const curve = { ...launch({}), accounts: named(16, { 0: mint, 2: addressNamed('curve') }) };
    const found = openings([curve, migrate(createPool({ coinCreator: creator }))]);

    expect(found.openings.map(({ event, venue, ...rest }) => [event, venue, rest.mint])).toEqual([
      ['launch', 'pump-fun', mint],
      ['migration', 'pump-swap', mint],
    ]);
  });

  it('finds every pool of a transaction, outer and inner, in their order', () => {
    const inner = {
      program: addressNamed('router'),
      accounts: [],
      data: bytes('01'),
      calls: [orca('second'), orca('third')],
    };
    const found = openings([orca('first'), inner, orca('fourth')]);

    expect(found.openings.map((opening) => opening.pool)).toEqual(
      ['first', 'second', 'third', 'fourth'].map((name) => addressNamed(name)),
    );
  });

  it('opens nothing when the transaction failed', () => {
    expect(openings([launch({})], { failed: true })).toEqual({ openings: [], unresolved: [] });
  });

  it('leaves out venues that are not asked for', () => {
    const calls = [launch({}), migrate(createPool({ coinCreator: creator }))];

    expect(openings(calls, {}, new Set(['pump-swap'])).openings).toMatchObject([
      { venue: 'pump-swap', event: 'migration' },
    ]);
    expect(openings(calls, {}, new Set(['orca-whirlpool']))).toEqual({
      openings: [],
      unresolved: [],
    });
  });

  it('tells programs apart that share a discriminator', () => {
    const whirlpool = {
      program: VENUE_PROGRAMS['orca-whirlpool'],
      accounts: named(11, { 1: WRAPPED_SOL, 2: mint, 4: pool }),
      data: bytes('5fb40aac54aee828', new Uint8Array(40)),
    };
    const damm = {
      ...whirlpool,
      program: VENUE_PROGRAMS['meteora-damm-v2'],
      accounts: named(20, { 6: pool, 8: mint, 9: WRAPPED_SOL }),
    };
    const stranger = { ...whirlpool, program: addressNamed('stranger') };

    expect(openings([whirlpool, damm, stranger]).openings.map(({ venue }) => venue)).toEqual([
      'orca-whirlpool',
      'meteora-damm-v2',
    ]);
  });

  describe('which mint is the new token', () => {
    const other = addressNamed('other');
    it.each([
      { when: 'the quote comes second', base: mint, quote: USDC, expected: mint },
      { when: 'the quote comes first', base: USDC, quote: mint, expected: mint },
    ])('is told when $when', ({ base, quote, expected }) => {
      const [opening] = openings([createPool({ base, quote })]).openings;

      expect(opening).toMatchObject({ mint: expected, quoteMint: USDC });
      expect(opening?.baseVault).toBe(addressNamed(base === mint ? 'account 9' : 'account 10'));
      expect(opening?.quoteVault).toBe(addressNamed(base === mint ? 'account 10' : 'account 9'));
    });

    it.each([
      { when: 'neither is a quote', base: mint, quote: other, reason: 'neither mint' },
      { when: 'both are quotes', base: USDC, quote: WRAPPED_SOL, reason: 'both mints' },
    ])('is not guessed when $when', ({ base, quote, reason }) => {
      const found = openings([createPool({ base, quote })]);

      expect(found.openings).toEqual([]);
      expect(found.unresolved).toEqual([
        {
          venue: 'pump-swap',
          instruction: 'create_pool',
          reason: expect.stringContaining(reason) as string,
        },
      ]);
    });

    it('is told by its place on a launchpad, whatever it is paired with', () => {
      const dbc = {
        program: VENUE_PROGRAMS['meteora-dbc'],
        accounts: named(16, { 2: creator, 3: mint, 4: other, 5: pool }),
        data: bytes('8c55d7b06636684f', new Uint8Array(12)),
      };
      expect(openings([dbc]).openings[0]).toMatchObject({ mint, quoteMint: other, creator });
    });
  });

  it('tells the creator of a LaunchLab token from who paid for it', () => {
    const launchlab = {
      program: VENUE_PROGRAMS['raydium-launchlab'],
      accounts: named(18, { 0: addressNamed('payer'), 1: creator, 5: pool, 6: mint, 7: USDC }),
      data: bytes('4399af27da102620', new Uint8Array(13)),
    };
    expect(openings([launchlab]).openings[0]).toMatchObject({
      mint,
      pool,
      creator,
      quoteMint: USDC,
    });
  });

  it('does not pass on an account that is no address', () => {
    const { accounts, ...call } = createPool();
    const body = transactionOf([{ ...call, accounts }], { encoding: 'jsonParsed' });
    const { message } = body.transaction as unknown as {
      message: { instructions: { accounts: string[] }[] };
    };
    message.instructions[0]!.accounts = accounts.with(9, 'not an address');
    const { transactions } = chainTransactionsOf(body);

    expect(openingsIn(transactions[0]!, all)).toMatchObject({
      openings: [],
      unresolved: [{ reason: expect.stringContaining('accounts are addresses') as string }],
    });
  });

  it('names who made a PumpSwap pool that has no coin creator', () => {
    const [opening] = openings([createPool({ coinCreator: NOBODY })]).openings;
    expect(opening).toMatchObject({ event: 'pool', creator: addressNamed('pool maker') });
  });

  it('does not give the SOL of all DAMM v1 pools as the reserve of one', () => {
    const damm = {
      program: VENUE_PROGRAMS['meteora-damm-v1'],
      accounts: named(26, { 0: pool, 3: WRAPPED_SOL, 4: mint }),
      data: bytes('07a68aabceabecf4', u64(1), u64(2)),
    };
    expect(openings([damm]).openings[0]).toMatchObject({
      baseVault: addressNamed('account 8'),
      quoteVault: null,
    });
  });

  describe('when trading starts', () => {
    it.each([
      { venue: 'CPMM', when: 'at a time', call: cpmm(1_790_000_500n), expected: 1_790_000_500 },
      { venue: 'CPMM', when: 'at 0: at once', call: cpmm(0n), expected: null },
      {
        venue: 'CPMM',
        when: 'never',
        call: cpmm(2n ** 64n - 1n),
        expected: Number.MAX_SAFE_INTEGER,
      },
      { venue: 'CLMM', when: 'at a time', call: clmm(1_790_000_500n), expected: 1_790_000_500 },
      { venue: 'DLMM', when: 'at a time', call: dlmm('01', '01'), expected: 1_790_000_500 },
      { venue: 'DLMM', when: 'at a slot: not a time', call: dlmm('00', '01'), expected: null },
      { venue: 'DLMM', when: 'at once', call: dlmm('01', '00'), expected: null },
      { venue: 'DAMM v1', when: 'at a time', call: dammV1('01'), expected: 1_790_000_500 },
      { venue: 'DAMM v1', when: 'at a slot: not a time', call: dammV1('00'), expected: null },
      { venue: 'Orca', when: 'at a time', call: whirlpool('01'), expected: 1_790_000_500 },
      { venue: 'Orca', when: 'at once', call: whirlpool('00'), expected: null },
    ])('is read of $venue: $when', ({ call, expected }) => {
      const { openings: found } = openings([call]);

      expect(found).toHaveLength(1);
      expect(found[0]?.openTime).toBe(expected);
    });
  });

  it.each([
    {
      when: 'its data ends early',
      change: (call: Call) => ({ ...call, data: call.data.subarray(0, 20) }),
      reason: 'its data has 20 bytes',
    },
    {
      when: 'it names too few accounts',
      change: (call: Call) => ({ ...call, accounts: call.accounts.slice(0, 9) }),
      reason: 'not all that is read of its 9 accounts',
    },
  ])('says so, and does not throw, when $when', ({ change, reason }) => {
    const found = openings([change(createPool())]);

    expect(found.openings).toEqual([]);
    expect(found.unresolved[0]?.reason).toContain(reason);
  });
});
