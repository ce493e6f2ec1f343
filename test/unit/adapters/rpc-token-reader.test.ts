import { afterEach, describe, expect, it } from 'vitest';
import { getTokenEncoder } from '@solana-program/token';
import { type Address as KitAddress, none } from '@solana/kit';
import * as z from 'zod';

import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { metaplexAddress } from '#shared/adapters/solana/program-address.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { rpcTokenReader } from '#shared/adapters/solana/rpc-token-reader.ts';
import { type Address, address } from '#shared/domain/address.ts';
import { absent } from '#shared/domain/evidence.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import { VENUE_PROGRAMS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressNamed } from '../../support/detections.ts';
import { anOpening } from '../../support/evidence.ts';
import { mint2022Bytes, mintBytes } from '../../support/mint-bytes.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { type StubServer, stubServer } from '../../support/stub-server.ts';

const never = new AbortController().signal;
const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});

const bodySchema = z.object({ method: z.string(), params: z.array(z.unknown()) });
type Call = z.infer<typeof bodySchema>;

/** A reader of a node that answers each method so. */
async function reader(answer: (call: Call) => { status?: number; body: unknown }) {
  const calls: Call[] = [];
  const server: StubServer = await stubServer(({ body }) => {
    const call = bodySchema.parse(JSON.parse(body));
    calls.push(call);
    return answer(call);
  });
  const client = jsonClient({ upstream: 'rpc1', url: server.origin, timeoutMs: 1_000 });
  running.push({ stop: client.close }, server);
  return { tokens: rpcTokenReader(rpcClient({ clients: [client] })), calls };
}

const result = (value: unknown) => ({ body: { jsonrpc: '2.0', id: 1, result: { value } } });
const account = (owner: string, data: Uint8Array) => ({
  lamports: 1,
  owner,
  data: [Buffer.from(data).toString('base64'), 'base64'],
  executable: false,
  rentEpoch: 0,
});
const tokenAccount = (mint: Address, owner: Address, amount: bigint) =>
  account(
    TOKEN_PROGRAM,
    Uint8Array.from(
      getTokenEncoder().encode({
        mint: mint as string as KitAddress,
        owner: owner as string as KitAddress,
        amount,
        delegate: none(),
        state: 1,
        isNative: none(),
        delegatedAmount: 0n,
        closeAuthority: none(),
      }),
    ),
  );

const opening = anOpening();
const mintAccount = account(TOKEN_2022_PROGRAM, mint2022Bytes([]));
const baseVault = tokenAccount(opening.mint, opening.pool, 7n);
const quoteVault = tokenAccount(WRAPPED_SOL, opening.pool, 9n);
const lpMint = account(TOKEN_PROGRAM, mintBytes({ supply: 0n }));

describe('a snapshot', () => {
  it('reads the token and its pool in one call, confirmed', async () => {
    const pool = account(VENUE_PROGRAMS['pump-swap'], Buffer.alloc(300));
    const { tokens, calls } = await reader(() =>
      result([mintAccount, null, pool, baseVault, quoteVault, lpMint]),
    );
    expect(await tokens.snapshot(opening, never)).toMatchObject({
      status: 'known',
      facts: {
        mint: { program: 'token-2022', supply: 1_000_000_000_000_000n },
        metaplex: undefined,
        curve: undefined,
        baseVault: { mint: opening.mint, owner: opening.pool, amount: 7n },
        quoteVault: { mint: WRAPPED_SOL, amount: 9n },
        lpSupply: 0n,
      },
    });
    expect(calls).toEqual([
      {
        method: 'getMultipleAccounts',
        params: [
          [
            opening.mint,
            metaplexAddress(opening.mint),
            opening.pool,
            opening.baseVault,
            opening.quoteVault,
            opening.lpMint,
          ],
          { encoding: 'base64', commitment: 'confirmed' },
        ],
      },
    ]);
  });

  it.skipIf(!hasRecordings)('reads a recorded curve', async () => {
    const { result: curve } = z
      .object({ result: z.object({ value: z.unknown() }) })
      .parse(recorded('solana-rpc/getAccountInfo.pumpfun-bonding-curve.json'));
    const { tokens } = await reader(() =>
      result([mintAccount, null, curve.value, baseVault, curve.value, curve.value]),
    );
    const launch = anOpening({ venue: 'pump-fun', quoteVault: null, lpMint: null });
    expect(await tokens.snapshot(launch, never)).toMatchObject({
      status: 'known',
      facts: {
        curve: { realSolReserves: 789_008_086n, complete: false },
        quoteVault: undefined,
        lpSupply: null,
      },
    });
  });

  it('is absent while the node does not have the mint', async () => {
    const { tokens } = await reader(() => result([null, null, null, null, null, null]));
    expect(await tokens.snapshot(opening, never)).toEqual(
      absent('the node does not have the mint yet'),
    );
  });

  it.each([
    ['is no mint', account(TOKEN_PROGRAM, Buffer.alloc(165))],
    ['belongs to another program', account(VENUE_PROGRAMS['pump-fun'], mintBytes())],
  ])('has failed when the account %s', async (_what, mint) => {
    const { tokens } = await reader(() => result([mint, null, null, null, null, null]));
    expect(await tokens.snapshot(opening, never)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('no mint of a token program') as string,
    });
  });

  it.each([
    ['fewer accounts than asked for', [mintAccount]],
    ['more accounts than asked for', Array.from({ length: 7 }, () => mintAccount)],
    ['accounts in another encoding', [{ ...mintAccount, data: ['', 'base58'] }]],
    ['parsed accounts', [{ ...mintAccount, data: { parsed: {} } }]],
    ['no list', null],
  ])('is a fault with %s', async (_what, value) => {
    const { tokens } = await reader(() => result(value));
    await expect(tokens.snapshot(opening, never)).rejects.toMatchObject({
      code: 'upstream.malformed',
    });
  });
});

describe('the largest holders', () => {
  const first = addressNamed('first account');
  const second = addressNamed('second account');
  const largest = [
    { address: first, amount: '18446744073709551615', decimals: 6 },
    { address: second, amount: '5', decimals: 6 },
  ];

  it('come with their owners, from two calls', async () => {
    const { tokens, calls } = await reader(({ method }) =>
      method === 'getTokenLargestAccounts'
        ? result(largest)
        : result([
            tokenAccount(opening.mint, addressNamed('alice'), 1n),
            tokenAccount(opening.mint, addressNamed('bob'), 5n),
          ]),
    );
    expect(await tokens.holdings(opening.mint, never)).toEqual({
      status: 'known',
      facts: [
        { owner: addressNamed('alice'), tokenAccount: first, amount: 18_446_744_073_709_551_615n },
        { owner: addressNamed('bob'), tokenAccount: second, amount: 5n },
      ],
    });
    expect(calls[0]).toEqual({
      method: 'getTokenLargestAccounts',
      params: [opening.mint, { commitment: 'confirmed' }],
    });
  });

  it('are their own owners when an account was closed in between', async () => {
    const { tokens } = await reader(({ method }) =>
      method === 'getTokenLargestAccounts'
        ? result(largest)
        : result([null, tokenAccount(opening.mint, addressNamed('bob'), 5n)]),
    );
    expect(await tokens.holdings(opening.mint, never)).toMatchObject({
      facts: [{ owner: first }, { owner: addressNamed('bob') }],
    });
  });

  it('are absent while none is listed', async () => {
    const { tokens, calls } = await reader(() => result([]));
    expect((await tokens.holdings(opening.mint, never)).status).toBe('absent');
    expect(calls).toHaveLength(1);
  });

  it.skipIf(!hasRecordings).each([
    ['error.getTokenLargestAccounts-could-not-find-mint', 'absent'],
    ['error.getTokenLargestAccounts-not-a-token-mint', 'absent'],
    ['error.getTokenLargestAccounts-secondary-index', 'failed'],
    ['error.helius-getTokenLargestAccounts-too-many', 'failed'],
    ['error.getTokenLargestAccounts-429', 'failed'],
  ])('are after the recorded %s: %s', async (file, status) => {
    const { tokens } = await reader(() => ({ body: recorded(`solana-rpc/${file}.json`) }));
    const finding = await tokens.holdings(opening.mint, never);
    expect(finding).toMatchObject({
      status,
      reason: expect.stringMatching(/getTokenLargestAccounts|does not list the mint yet/) as string,
    });
  });

  it.each([
    ['a list of more than twenty', Array.from({ length: 21 }, () => largest[0])],
    ['an amount that is no amount', [{ ...largest[0], amount: '1.5' }]],
    ['an amount beyond 64 bits', [{ ...largest[0], amount: '18446744073709551616' }]],
    ['an account that is no address', [{ ...largest[0], address: 'not an address' }]],
  ])('are a fault after %s', async (_what, value) => {
    const { tokens } = await reader(() => result(value));
    await expect(tokens.holdings(opening.mint, never)).rejects.toMatchObject({
      code: 'upstream.malformed',
    });
  });

  it('are a fault when the node is down', async () => {
    const { tokens } = await reader(() => ({ status: 503, body: {} }));
    expect((await tokens.holdings(opening.mint, never)).status).toBe('failed');
  });
});

describe('the address of Metaplex metadata', () => {
  it('is the program address that the SDK finds', async () => {
    const { getAddressEncoder, getProgramDerivedAddress } = await import('@solana/kit');
    const program = 'metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s' as KitAddress;
    const encoder = getAddressEncoder();
    for (let at = 0; at < 40; at += 1) {
      const mint = addressNamed(`mint ${at}`);
      const [expected] = await getProgramDerivedAddress({
        programAddress: program,
        seeds: ['metadata', encoder.encode(program), encoder.encode(mint as string as KitAddress)],
      });
      expect(metaplexAddress(mint)).toBe(expected);
    }
  });

  it('of USDC is the one on chain', () => {
    const usdc = address('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v');
    expect(metaplexAddress(usdc)).toBe('5x38Kp4hvdomTCnCrAny4UtMUt5rQBdB6px2K1Ui45Wq');
  });
});
