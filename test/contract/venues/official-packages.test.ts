/**
 * Our decoders against what the venues publish themselves: interface descriptions (IDLs), and for
 * Raydium, which publishes none on npm, the instructions that its SDK builds.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { chainTransactionsOf } from '#functions/detector/chain-transaction.ts';
import { openingsIn } from '#functions/detector/openings.ts';
import { VENUE_DECODERS } from '#functions/detector/venues/index.ts';
import type { PoolAccounts } from '#functions/detector/venues/venue-decoder.ts';
import { VENUES, VENUE_PROGRAMS, type Venue, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { bytes, selfCall, transactionOf } from '../../support/call-trees.ts';
import { addressNamed } from '../../support/detections.ts';
import { MIGRATION_ACCOUNTS, NOT_OPENINGS, OPENING_ACCOUNTS } from './described-accounts.ts';
import { type Idl, anchorDiscriminator, fieldsOf, inSnakeCase, valueOf } from './idl.ts';
import {
  type BuiltInstruction,
  installVenueIdls,
  raydiumBuilders,
  venueIdls,
} from './venue-idls.ts';

const installed = installVenueIdls();
const idls = installed ? venueIdls() : {};

const NOBODY = '11111111111111111111111111111111';

const described = Object.entries(idls).map(([venue, idl]) => ({
  venue: venue as Venue,
  idl: inSnakeCase(idl),
}));
const cases = described.flatMap(({ venue, idl }) =>
  (VENUE_DECODERS.find((decoder) => decoder.venue === venue)?.forms ?? []).map((form) => ({
    venue,
    idl,
    form,
    name: form.name,
    instruction: idl.instructions.find(({ name }) => name === form.name),
  })),
);
const openings = cases.flatMap(({ form, ...rest }) =>
  form.kind === 'opening' ? [{ form, ...rest }] : [],
);

describe.runIf(installed)("the decoders and the venues' own descriptions", () => {
  it.each(described)('agree on the program of $venue', ({ venue, idl }) => {
    // Before Anchor 0.30 a description did not carry its program's address.
    expect([VENUE_PROGRAMS[venue], undefined]).toContain(idl.address);
  });

  it.each(cases)('agree on what $venue $name starts with', ({ form, instruction }) => {
    expect(instruction).toBeDefined();
    const described = instruction?.discriminator;
    expect(form.discriminator).toBe(
      described === undefined
        ? anchorDiscriminator('global', form.name)
        : Buffer.from(described).toString('hex'),
    );
    expect(form.discriminator).toBe(anchorDiscriminator('global', form.name));
  });

  it.each(cases)('agree on the accounts of $venue $name', ({ venue, form, instruction }) => {
    const names =
      form.kind === 'opening'
        ? OPENING_ACCOUNTS[venue]?.[form.name]
        : MIGRATION_ACCOUNTS[venue]?.[form.name];
    const read = Object.fromEntries(
      Object.entries(form.accounts)
        .filter(([, index]) => index !== null)
        .map(([role, index]) => [role, instruction?.accounts[index!]?.name]),
    );
    expect(read).toEqual(names);
  });

  it.each(described)('know the same pool-making instructions of $venue', ({ venue, idl }) => {
    const making = idl.instructions
      .map(({ name }) => name)
      .filter((name) => /^(create|initiali[sz]e|init_|migrat|launch)/.test(name));
    const known = cases.filter((each) => each.venue === venue).map(({ name }) => name);

    expect(making.toSorted()).toEqual([...known, ...(NOT_OPENINGS[venue] ?? [])].toSorted());
  });

  it.each(openings)(
    'find the pool of any $venue $name that the description allows',
    ({ venue, idl, form, instruction }) => {
      if (instruction === undefined) throw new Error(`${form.name} is not described`);
      fc.assert(
        fc.property(fieldsOf(idl, instruction.args), fc.nat(), (args, seed) => {
          const accounts = instruction.accounts.map(({ name }) => addressNamed(`${name} ${seed}`));
          if (form.accounts.mintB !== null) accounts[form.accounts.mintB] = WRAPPED_SOL;
          const body = transactionOf([
            {
              program: VENUE_PROGRAMS[venue],
              accounts,
              data: bytes(form.discriminator, args.bytes),
            },
          ]);
          const found = chainTransactionsOf(body).transactions.map((each) =>
            openingsIn(each, new Set(VENUES)),
          );

          const names = OPENING_ACCOUNTS[venue]?.[form.name];
          const at = (role: keyof PoolAccounts) => {
            const index = instruction.accounts.findIndex(({ name }) => name === names?.[role]);
            return index < 0 ? null : accounts[index];
          };
          const argument = args.value['creator'] ?? args.value['coin_creator'];
          expect(found).toEqual([
            {
              unresolved: [],
              openings: [
                {
                  venue,
                  mint: at('mintA'),
                  pool: at('pool'),
                  event: form.event,
                  quoteMint: WRAPPED_SOL,
                  creator: argument ?? at('creator'),
                  baseVault: at('vaultA'),
                  quoteVault: venue === 'meteora-damm-v1' ? null : at('vaultB'),
                  lpMint: at('lpMint'),
                  openTime: expectedOpenTime(args.value),
                },
              ],
            },
          ]);
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** Unix seconds by the description's field names, where it tells that they are a time. */
function expectedOpenTime(args: Readonly<Record<string, unknown>>): number | null {
  const params = (args['params'] ?? {}) as Readonly<Record<string, unknown>>;
  const type = params['activation_type'] ?? params['activationType'];
  const timed =
    // DAMM v2's activation stands behind fees of variable length, and is not read.
    type === 1 && params['pool_fees'] === undefined
      ? (params['activation_point'] ?? params['activationPoint'])
      : args['trade_enable_timestamp'];
  if (typeof timed !== 'bigint' || timed === 0n) return null;
  return timed > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(timed);
}

const eventOf = (venue: Venue, name: string) => {
  const idl = inSnakeCase(idls[venue] as Idl);
  const discriminator = idl.events?.find((event) => event.name === name)?.discriminator;
  expect(Buffer.from(discriminator ?? []).toString('hex')).toBe(anchorDiscriminator('event', name));
  const fields = valueOf(idl, { defined: { name } });
  return { start: anchorDiscriminator('event', name), fields };
};

describe.runIf(installed)('the events that creators are read from', () => {
  it('are the CreateEvent of Pump.fun', () => {
    const { start, fields } = eventOf('pump-fun', 'CreateEvent');
    fc.assert(
      fc.property(fields, fc.nat(4), (event, extra) => {
        const value = event.value as Record<string, string>;
        const launch = {
          program: VENUE_PROGRAMS['pump-fun'],
          accounts: Array.from({ length: 16 }, (_, index) =>
            index === 0 ? value['mint']! : addressNamed(`account ${index}`),
          ),
          data: bytes('d6904cec5f8b31b4', new Uint8Array(12)),
          calls: [
            selfCall(VENUE_PROGRAMS['pump-fun'], bytes(start, event.bytes, new Uint8Array(extra))),
          ],
        };
        const quote = {
          ...launch,
          accounts: [...launch.accounts, ...['a', 'b'].map((name) => addressNamed(name))],
        };
        const [transaction] = chainTransactionsOf(transactionOf([quote])).transactions;
        const { openings: found } = openingsIn(transaction!, new Set(VENUES));

        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({
          creator: value['creator'],
          quoteMint: value['quote_mint'],
        });
      }),
      { numRuns: 60 },
    );
  });

  it('are the CreatePoolEvent of PumpSwap', () => {
    const { start, fields } = eventOf('pump-swap', 'CreatePoolEvent');
    fc.assert(
      fc.property(fields, fc.boolean(), (event, nobody) => {
        const value = event.value as Record<string, string>;
        const pool = {
          program: VENUE_PROGRAMS['pump-swap'],
          accounts: Array.from({ length: 18 }, (_, index) =>
            index === 0
              ? value['pool']!
              : index === 4
                ? WRAPPED_SOL
                : addressNamed(`account ${index}`),
          ),
          data: bytes(
            'e992d18ecf6840bc',
            new Uint8Array(18),
            nobody ? new Uint8Array(32) : new Uint8Array(),
          ),
          calls: [selfCall(VENUE_PROGRAMS['pump-swap'], bytes(start, event.bytes))],
        };
        const [transaction] = chainTransactionsOf(transactionOf([pool])).transactions;

        expect(openingsIn(transaction!, new Set(VENUES)).openings[0]?.creator).toBe(
          value['coin_creator'],
        );
        expect(value['coin_creator']).not.toBe(NOBODY);
      }),
      { numRuns: 60 },
    );
  });
});

const at = (name: string) => addressNamed(`raydium ${name}`);
const tools = () => {
  const { BN, PublicKey, ...builders } = raydiumBuilders();
  const known: Readonly<Record<string, string>> = {
    mintB: WRAPPED_SOL,
    cpmm: VENUE_PROGRAMS['raydium-cpmm'],
    clmm: VENUE_PROGRAMS['raydium-clmm'],
    launchlab: VENUE_PROGRAMS['raydium-launchlab'],
    ammV4: VENUE_PROGRAMS['raydium-amm-v4'],
  };
  return {
    ...builders,
    amount: (value: number) => new BN(String(value)),
    keys: (names: string) => names.split(' ').map((name) => new PublicKey(known[name] ?? at(name))),
  };
};
const OPEN_TIME = 1_790_000_500;
const curve = (amount: (value: number) => unknown) => ({
  type: 'ConstantCurve',
  totalSellA: amount(1),
  migrateType: 'cpmm',
  supply: amount(2),
  totalFundRaisingB: amount(3),
});
const LAUNCH = 'launchlab payer creator config platform auth pool mintA mintB vaultA vaultB';

describe.runIf(installed)("the instructions that Raydium's own SDK builds", () => {
  it.each<{
    name: string;
    build: (of: ReturnType<typeof tools>) => BuiltInstruction;
    expected: object;
  }>([
    {
      name: 'AMM v4 initialize2',
      build: ({ ammV4, keys, amount }) => {
        const names =
          'ammId ammAuthority ammOpenOrders lpMint coinMint pcMint coinVault pcVault withdrawQueue ' +
          'ammTargetOrders poolTempLp marketProgramId marketId userWallet userCoinVault userPcVault ' +
          'userLpVault ammConfigId feeDestinationId';
        const accounts = names.split(' ').map((name) => [name, keys(name)[0]]);
        return ammV4.createPoolV4InstructionV2({
          ...(Object.fromEntries(accounts) as object),
          programId: keys('ammV4')[0],
          // The token on the "pc" side, as in most pools that are recorded.
          coinMint: keys('mintB')[0],
          nonce: 254,
          openTime: amount(OPEN_TIME),
          coinAmount: amount(1),
          pcAmount: amount(2),
        }).instruction;
      },
      expected: {
        venue: 'raydium-amm-v4',
        mint: at('pcMint'),
        pool: at('ammId'),
        creator: at('userWallet'),
        baseVault: at('pcVault'),
        quoteVault: at('coinVault'),
        openTime: OPEN_TIME,
      },
    },
    {
      name: 'CPMM initialize',
      build: ({ cpmm, keys, amount }) =>
        cpmm.makeCreateCpmmPoolInInstruction(
          ...keys('cpmm creator config authority pool mintA mintB lpMint userA userB userLp'),
          ...keys('vaultA vaultB fee programA programB observation'),
          amount(1),
          amount(2),
          amount(OPEN_TIME),
        ),
      expected: { venue: 'raydium-cpmm', openTime: OPEN_TIME },
    },
    {
      name: 'CPMM initialize_with_permission',
      build: ({ cpmm, keys, amount }) =>
        cpmm.initializeWithPermission(
          ...keys('cpmm payer creator config authority pool mintA mintB lpMint userA userB userLp'),
          ...keys('vaultA vaultB fee programA programB observation permission'),
          amount(1),
          amount(2),
          amount(OPEN_TIME),
          0,
        ),
      expected: { venue: 'raydium-cpmm', openTime: OPEN_TIME },
    },
    {
      name: 'CLMM create_pool',
      build: ({ clmm, keys, amount }) =>
        clmm.createPoolInstruction(
          ...keys(
            'clmm pool creator config observation mintA vaultA programA mintB vaultB programB',
          ),
          ...keys('bitmap'),
          amount(1),
          [],
        ),
      expected: { venue: 'raydium-clmm', lpMint: null },
    },
    {
      name: 'CLMM create_customizable_pool',
      build: ({ clmm, keys, amount }) =>
        clmm.createCustomizablePoolInstruction(
          ...keys('clmm pool creator config mintA mintB vaultA vaultB observation bitmap'),
          ...keys('programA programB'),
          amount(1),
          0,
          [],
          keys('dynamicFee')[0],
        ),
      expected: { venue: 'raydium-clmm', lpMint: null },
    },
    {
      name: 'CLMM create_permissioned_pool',
      build: ({ clmm, keys, amount }) =>
        clmm.createPermissionedPoolInstruction(
          ...keys(
            'clmm payer creator permission config pool mintA mintB vaultA vaultB observation',
          ),
          ...keys('bitmap programA programB'),
          amount(1),
          0,
          7,
          [],
        ),
      expected: { venue: 'raydium-clmm', lpMint: null },
    },
    {
      name: 'LaunchLab initialize_v2',
      build: ({ launchlab, keys, amount }) =>
        launchlab.initializeV2(
          ...keys(`${LAUNCH} metadata programB`),
          6,
          'Name',
          'SYM',
          'https://x.test',
          curve(amount),
          amount(0),
          amount(0),
          amount(0),
          0,
        ),
      expected: { venue: 'raydium-launchlab', event: 'launch', lpMint: null },
    },
    {
      name: 'LaunchLab initialize_with_token_2022',
      build: ({ launchlab, keys, amount }) =>
        launchlab.initializeWithToken2022(
          ...keys(`${LAUNCH} programB`),
          6,
          'Name',
          'SYM',
          'https://x.test',
          curve(amount),
          amount(0),
          amount(0),
          amount(0),
          0,
        ),
      expected: { venue: 'raydium-launchlab', event: 'launch', lpMint: null },
    },
  ])('open the pool that they were given: $name', ({ build, expected }) => {
    const { programId, keys, data } = build(tools());
    const body = transactionOf([
      {
        program: programId.toBase58(),
        accounts: keys.map(({ pubkey }) => pubkey.toBase58()),
        data: new Uint8Array(data),
      },
    ]);
    const [transaction] = chainTransactionsOf(body).transactions;

    expect(openingsIn(transaction!, new Set(VENUES))).toEqual({
      unresolved: [],
      openings: [
        {
          mint: at('mintA'),
          pool: at('pool'),
          event: 'pool',
          quoteMint: WRAPPED_SOL,
          creator: at('creator'),
          baseVault: at('vaultA'),
          quoteVault: at('vaultB'),
          lpMint: at('lpMint'),
          openTime: null,
          ...expected,
        },
      ],
    });
  });
});
