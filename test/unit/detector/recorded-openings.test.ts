import { describe, expect, it } from 'vitest';

import { openingsInText } from '#functions/detector/openings-in-text.ts';
import { poolOpeningSchema } from '#shared/domain/detection.ts';
import { VENUES, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { transactionOf } from '../../support/call-trees.ts';
import { hasRecordings, recorded, recordedText } from '../../support/recorded.ts';

const USDC = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const all = new Set(VENUES);

describe.runIf(hasRecordings)('openings in recorded transactions', () => {
  it.each([
    {
      file: 'solana-rpc/getTransaction.pumpfun-create_v2.json',
      opening: {
        mint: 'CWiTGbCiDd8BKtNYNE2boT9fJGFG2MU53Uf6HQk4pump',
        pool: '3jJ83NDorkbFkF1JKbEfFWGeX16aXUiwby9RwJm9kat3',
        venue: 'pump-fun',
        event: 'launch',
        quoteMint: WRAPPED_SOL,
        creator: '5htGpHK2oV9g2BcDqLdRBqjCLdy8mc3fsESfR5DU73eM',
        baseVault: 'Cd4iC3Jndc2WVud6rAs1cwx8SkUQhCN5TxXbfRtbHLCF',
        quoteVault: null,
        lpMint: null,
        openTime: null,
      },
    },
    {
      // The creator is the coin's, out of the inner CreatePoolEvent; the pool's own "creator" is a PDA.
      file: 'solana-rpc/getTransaction.pumpfun-migrate-to-pumpswap.json',
      opening: {
        mint: '9rwuyQ6hMsRzwdtNG9Ud5r5BrED5ohqkUhHetZwjpump',
        pool: 'AeXnf1qTu4gH5StntNekLN3J4Mj1TmtBGEAzcdPi3Hog',
        venue: 'pump-swap',
        event: 'migration',
        quoteMint: WRAPPED_SOL,
        creator: 'G26C6JopVigaxuaE5e7JMQgE9E9r9qhULreaQoxcgSBh',
        baseVault: 'ECwiean1M16oa9Q7Wgj4G8XPQHL1J97ud95HmxNQFYnG',
        quoteVault: '6oqTxwXoCDPK71nBDZxTLkdGRSqFgDgmDhjxeqPXQLPp',
        lpMint: 'HXeozFP1ig5X6Ws2mx4T8PAzCX8vWRjACd2HNAedbUzL',
        openTime: null,
      },
    },
    {
      file: 'helius/transactionNotification.raydium-v4-initialize2.5yKpvmPa.json',
      opening: {
        mint: 'B4qKiQd97nBgME2c6GwRwYWRCCuw7WzqmxzCHaQMpump',
        pool: 'Hb5nPV8QeyAcom4tMPEZKbpKVEXBQeQgnU7pPQbb1FyG',
        venue: 'raydium-amm-v4',
        event: 'pool',
        quoteMint: WRAPPED_SOL,
        creator: '9m5gT3nYWeCLCJ7sHBmCP46KuMJptmYQsdxsZj7NgBZc',
        baseVault: '4ECdmvNnYV69mz2znBmzLUGueaKsSbJL3a7svwtiGJbB',
        quoteVault: '7apsA8t7nqLFJi5uMQtoijt4x1FxY85s4jjyj4zcQwDY',
        lpMint: 'HPk8g4SRRdBBFuuNim7yad51z9NMuhhLhJEQUBJwEVT3',
        openTime: 1_734_614_149,
      },
    },
    {
      file: 'helius/transactionNotification.raydium-v4-initialize2-with-ata.json',
      opening: {
        mint: '3SmC1XiU4exzePDooUzihCJdoYhzk7ZEXVcDmYQApump',
        pool: 'DwVWNQ4JhMPzZdfvWUrMzCEDAzD7qP1G4aeB6XxvfuGH',
        venue: 'raydium-amm-v4',
        event: 'pool',
        quoteMint: WRAPPED_SOL,
        creator: 'DbChabnEARPPcsmzVNj4pFya7yRnq3WnCyGXKfzi9J6T',
        baseVault: 'GJmhGyJaQUzaGQGnQrJHwzxiAcC63c6bBk7tEdHwxRVs',
        quoteVault: '7zG5e9kL4RWmwkEx2BXMT3fsQt9FKbL6mHWCc17FCR7S',
        lpMint: 'CsiHEPWhYvkSRAjQ3XR9ViP5PWSDBA2Hw7kCPqxzTaYG',
        openTime: null,
      },
    },
    {
      // Until 2025 Pump.fun's tokens graduated to AMM v4, by a service account: nobody's creator.
      file: 'helius/transactionNotification.raydium-v4-initialize2.3yq88CT3.json',
      opening: {
        mint: '6TArF7DG91BVuAvSidiT1wMPyvv5WNEkmJY2ovopump',
        pool: '5smitM3H4yJZHqPyXrrXGyZmWvvoREWgiUxzUPjM8bVU',
        venue: 'raydium-amm-v4',
        event: 'migration',
        quoteMint: WRAPPED_SOL,
        creator: null,
        baseVault: 'ENurNpAWgYyTeoRRjECUiPnYokELaHieYQekRRpch3eP',
        quoteVault: '8bR6N1vPKn6xvXbDvXkbvwQesoXxjarVabuXZuaTHHea',
        lpMint: '9o5UGjPE2mbDU3oi7NF76gScDaLGjpwW8xtuA4bqHSsf',
        openTime: null,
      },
    },
    {
      file: 'helius/transactionNotification.raydium-v4-initialize2.JG8oSrW9.json',
      opening: {
        mint: '6R1fgmz8v7ndGvN7RTuJjMNSRNBZwuUVH27Bixe6pump',
        pool: 'A6iWRen7XbgqarjMPW1a9QQDurnEeN5H2Y4z3hmXTtYA',
        venue: 'raydium-amm-v4',
        event: 'migration',
        quoteMint: WRAPPED_SOL,
        creator: null,
        baseVault: '9XGzWocjvE2xJS2oDLPtyyvjKGPZnxZZAownzG2wX5HN',
        quoteVault: 'FePEdvYMQsFNxbfqMjRsiSx8ZtzbsHvjFNfadFDZfi6e',
        lpMint: '6tn2RjXqwDpZ8JvsKGUhuPgYidzrB3QRRsRJEN2UdCLS',
        openTime: null,
      },
    },
  ])('finds the one pool of $file', ({ file, opening }) => {
    const found = openingsInText(recordedText(file), all);

    expect(found.openings.map((each) => each.opening)).toEqual([opening]);
    expect(found.unresolved).toEqual([]);
    expect(found.refused).toEqual([]);
    expect(poolOpeningSchema.safeParse(opening).success).toBe(true);
  });

  it.each([
    'helius/transactionNotification.raydium-v4-swap.json',
    'helius/webhook.raw.docs.json',
    'solana-rpc/getTransaction.pumpfun-buy-legacy.json',
    'solana-rpc/getTransaction.pumpfun-buy_v2.json',
    // Named for a creation, but its logs say "Instruction: Buy": a bot's buy, serialised (legacy).
    'solana-rpc/blockSubscribe-tx.pumpfun-create-legacy.json',
  ])('finds no pool in %s, a swap or a sale', (file) => {
    expect(openingsInText(recordedText(file), all)).toMatchObject({
      transactions: 1,
      openings: [],
      unresolved: [],
      refused: [],
    });
  });

  it.each([
    'solana-rpc/getTransaction.pumpfun-create_v2.json',
    'solana-rpc/getTransaction.pumpfun-migrate-to-pumpswap.json',
  ])('finds no pool in %s once it is marked as failed', (file) => {
    const body = recorded(file) as { result: { meta: { err: unknown; status: unknown } } };
    body.result.meta.err = { InstructionError: [2, { Custom: 6_000 }] };

    expect(openingsInText(JSON.stringify(body), all)).toMatchObject({
      transactions: 1,
      failed: 1,
      openings: [],
      unresolved: [],
    });
  });

  it.each([
    'helius/enhanced-transactions.pumpswap-swaps.json',
    'helius/webhook.enhanced.docs-nft-sale.json',
  ])('refuses %s with the webhook type to choose', (file) => {
    const { transactions, refused } = openingsInText(recordedText(file), all);

    expect(transactions).toBe(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toContain('set the webhook\'s type to "raw"');
  });

  it('passes on why a node did not answer', () => {
    const file = 'solana-rpc/error.getTransaction-unsupported-version.json';
    const { refused } = openingsInText(recordedText(file), all);

    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toContain('-32015');
  });
});

type RecordedInstruction = {
  readonly program_id: string;
  readonly data: string;
  readonly accounts: readonly { readonly pubkey: string }[];
};

/** A recorded instruction alone in a transaction. */
function alone(file: string): string {
  const { program_id, data, accounts } = recorded(`instructions/${file}`) as RecordedInstruction;
  return JSON.stringify(
    transactionOf([
      {
        program: program_id,
        accounts: accounts.map(({ pubkey }) => pubkey),
        data: Buffer.from(data, 'hex'),
      },
    ]),
  );
}

describe.runIf(hasRecordings)('openings in recorded instructions', () => {
  it.each([
    {
      file: 'meteora-dlmm-initialize_lb_pair.json',
      opening: {
        mint: '631BvY2KLFbUcQvUhK2nn2buWw1K1yfS2eMHU8t9pump',
        pool: '12PMuMKowpmSndiUvQVZ9Nbs4ck6X35iqoZXBerR4ojf',
        venue: 'meteora-dlmm',
        event: 'pool',
        quoteMint: WRAPPED_SOL,
        creator: 'DiPkWknz9MccGhGmj4ku7yWuyhtmNP385j1UXnHLZPqZ',
        baseVault: '5oHBxFoJqGjL6eZHi9buv3JvvxdutVEVsZNEyafjWroY',
        quoteVault: 'J6TQ9iXZGg1K5P2MXtBqkZUjMbRPL26D3y21DtaPCxAm',
        lpMint: null,
        openTime: null,
      },
    },
    {
      file: 'meteora-dlmm-initialize_customizable_permissionless_lb_pair.json',
      opening: {
        mint: 'BSJUzBQfPe7snyjxJxAJG183yYhDtLUEi3c8LGW7DCVw',
        pool: 'Em94tW6wo3K15z7mM6wW926QRamuLKhiRe52tvk92ARs',
        venue: 'meteora-dlmm',
        quoteMint: USDC,
        creator: '3A2f4jax9vQRsaxDpocDKA3MhHdibwwZBSsBFcgfgkLw',
        baseVault: '5Lbm1X6oYcSUcscMmvWqmg7sz2Qh3XJ3ydBy2v8cTrTV',
        quoteVault: 'Fov1U4FMX8u4Ln5gM9LHsZcWgwHAeZ526usUjaYza2BR',
      },
    },
    {
      file: 'meteora-dlmm-initialize_customizable_permissionless_lb_pair2.json',
      opening: {
        mint: 'FCjQFN49K5ufVnXkLHMPSMvtbyo8jMB1tdrGQ8QHtfnD',
        pool: '8ookeFtaPGhyi3dSJY9ULjzePWfAe1cykRr7xtoSbgfz',
        venue: 'meteora-dlmm',
        quoteMint: WRAPPED_SOL,
        creator: 'GMtwcuktJfrRcnyGktWW4Vab8cfjPcBy3xbuZgRegw6E',
      },
    },
    {
      // The quote is token a here: the new token is told by its mint, not by its side.
      file: 'orca-initialize_pool.json',
      opening: {
        mint: 'DzkKGBw4njGApBJ4Bd2csCpm4rsdgEmkgivR7XZvENPv',
        pool: 'CGGNcohZdLdeDBdhmQRGmUH1Viv1p4d1ds2aPLoiVWaR',
        venue: 'orca-whirlpool',
        event: 'pool',
        quoteMint: WRAPPED_SOL,
        creator: 'EDttsTWsed4QS7Qum19PvJvB7om9N321tk3dhnYxKb94',
        baseVault: '25tSGzR5NcRpuoWKzWFTWfMaB1ijiaHP6HkqjxZNH72m',
        quoteVault: '6cS7s6TZuQofs1TPYSpZ51qGPQKnrxk6xWhW131MysXh',
        lpMint: null,
        openTime: null,
      },
    },
    {
      file: 'raydium-clmm-create_pool.json',
      opening: {
        mint: '6NcdiK8B5KK2DzKvzvCfqi8EHaEqu48fyEzC8Mm9pump',
        pool: '7ypbduGATyfEhTCMCLhhGtCTsPudEKTbMgJfA5gS44Qh',
        venue: 'raydium-clmm',
        event: 'pool',
        quoteMint: USDC,
        creator: '7XiakBmwHdVVXmPKjT35JFDUMzP8aszSg3tU4SaL16KU',
        baseVault: '3Rkt6v35Z3vXeBBYRFiF3GY6RX1DWB7RkL7AHmY9VGsM',
        quoteVault: 'FR8XJ3DhoBCV6M8Rc15V16N4Mpv76NG2ktsWpZqKUEM8',
        lpMint: null,
      },
    },
  ])('finds the one pool of $file', ({ file, opening }) => {
    const { openings, unresolved } = openingsInText(alone(file), all);

    expect(unresolved).toEqual([]);
    expect(openings).toHaveLength(1);
    expect(openings[0]?.opening).toMatchObject(opening);
  });

  it.each([
    'fluxbeam-initialize.json',
    'metaplex-create_metadata_account_v3.json',
    'moonshot-token_mint.json',
    'moonshot-migrate_funds.json',
  ])('finds no pool in %s, of a program that is not watched', (file) => {
    expect(openingsInText(alone(file), all)).toMatchObject({ openings: [], unresolved: [] });
  });
});
