import * as z from 'zod';

import { type Address, addressSchema } from '../../domain/address.ts';
import type { PoolOpening } from '../../domain/detection.ts';
import { absent, failed, type Finding, known } from '../../domain/evidence.ts';
import { Fault, isFault } from '../../domain/fault.ts';
import type { Holding } from '../../domain/holder-facts.ts';
import { decodeMetaplexMetadata } from '../../domain/metaplex-metadata.ts';
import { decodePumpCurve } from '../../domain/pump-curve.ts';
import { decodeTokenAccount } from '../../domain/token-account.ts';
import { decodeMint } from '../../domain/token-mint.ts';
import { amountSchema } from '../../domain/units.ts';
import type { TokenReader, TokenSnapshot } from '../../ports/token-reader.ts';
import { metaplexAddress } from './program-address.ts';
import { rpcChainHistory } from './rpc-chain-history.ts';
import { rpcFirstBuyers } from './rpc-first-buyers.ts';
import type { RpcClient } from './rpc-client.ts';

type ChainAccount = { readonly owner: string; readonly data: Uint8Array };

const accountsSchema = z.object({
  value: z.array(
    z.object({ owner: z.string(), data: z.tuple([z.string(), z.literal('base64')]) }).nullable(),
  ),
});
const largestSchema = z.object({
  value: z.array(z.object({ address: addressSchema, amount: amountSchema })).max(20),
});

/** The node has not seen the mint yet: asked again, it may. */
const NOT_YET = /could not find mint|not a Token mint/;

/** `TokenReader` over JSON-RPC, at commitment `confirmed`: the default, `finalized`, is 13 s behind. */
export function rpcTokenReader(rpc: RpcClient): TokenReader {
  const history = rpcChainHistory(rpc);
  const read = async (
    addresses: readonly Address[],
    signal: AbortSignal,
  ): Promise<readonly (ChainAccount | undefined)[]> => {
    const config = { encoding: 'base64', commitment: 'confirmed' };
    const result = await rpc.call('getMultipleAccounts', [addresses, config], signal);
    const { value } = parse(accountsSchema, result, 'getMultipleAccounts');
    // Which account is which is told by the order alone.
    if (value.length !== addresses.length) throw malformed('getMultipleAccounts', 'another number');
    return value.map((account) =>
      account === null
        ? undefined
        : { owner: account.owner, data: Buffer.from(account.data[0], 'base64') },
    );
  };

  return {
    async snapshot(opening, signal) {
      return snapshotOf(await read(snapshotAddresses(opening), signal));
    },

    firstBuyers: async (mint, slot, signal) => rpcFirstBuyers(history, mint, slot, signal),

    async holdings(mint, signal): Promise<Finding<readonly Holding[]>> {
      const largest = await largestAccounts(rpc, mint, signal);
      if (largest.status !== 'known') return largest;
      // A mint that the node knows, and no account of it yet, has not been indexed.
      if (largest.facts.length === 0) return absent('no token account is listed yet');
      const accounts = await read(
        largest.facts.map(({ address }) => address),
        signal,
      );
      return known(
        largest.facts.flatMap(({ address, amount }, index) => {
          const account = accounts[index];
          const owner = account && decodeTokenAccount(account.owner, account.data)?.owner;
          // Closed between the two readings: the tokens are elsewhere, and somebody holds them.
          return [{ owner: owner ?? address, tokenAccount: address, amount }];
        }),
      );
    },
  };
}

/** The accounts to read in one call; a pool without a vault or liquidity mint stands in for it. */
const snapshotAddresses = (opening: PoolOpening): readonly Address[] => {
  const { mint, pool, baseVault, quoteVault, lpMint } = opening;
  return [mint, metaplexAddress(mint), pool, baseVault ?? pool, quoteVault ?? pool, lpMint ?? pool];
};

/** Understands the accounts in the order of `snapshotAddresses`. */
function snapshotOf(accounts: readonly (ChainAccount | undefined)[]): Finding<TokenSnapshot> {
  const [mintAccount, metaplex, pool, base, quote, lp] = accounts;
  if (mintAccount === undefined) return absent('the node does not have the mint yet');
  const mint = decodeMint(mintAccount.owner, mintAccount.data);
  if (mint === undefined) return failed(`no mint of a token program (owner ${mintAccount.owner})`);
  return known({
    mint,
    metaplex: metaplex && decodeMetaplexMetadata(metaplex.owner, metaplex.data),
    curve: pool && decodePumpCurve(pool.owner, pool.data),
    baseVault: base && decodeTokenAccount(base.owner, base.data),
    quoteVault: quote && decodeTokenAccount(quote.owner, quote.data),
    lpSupply: (lp && decodeMint(lp.owner, lp.data)?.supply) ?? null,
  });
}

async function largestAccounts(rpc: RpcClient, mint: Address, signal: AbortSignal) {
  try {
    const params = [mint, { commitment: 'confirmed' }];
    const result = await rpc.call('getTokenLargestAccounts', params, signal);
    return known(parse(largestSchema, result, 'getTokenLargestAccounts').value);
  } catch (error) {
    if (!isFault(error) || error.code !== 'upstream.refused') throw error;
    return NOT_YET.test(error.message)
      ? absent('the node does not list the mint yet')
      : failed(error.message.slice(0, 200));
  }
}

function parse<Result>(schema: z.ZodType<Result>, result: unknown, method: string): Result {
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  throw malformed(method, parsed.error.issues[0]?.message ?? 'another shape');
}

const malformed = (method: string, why: string): Fault =>
  new Fault('upstream.malformed', { upstream: 'rpc', reason: `${method}: ${why}` });
