import { type FactsOf, known } from '#shared/domain/evidence.ts';
import type { Check } from './check.ts';
import { PENDING, settled } from './pending.ts';

/** What the mint and its metadata say: the accounts by RPC, then the JSON at the creator's URI. */
export const metadata: Check<'metadata'> = {
  async run(ask, publish) {
    const accounts = await ask.accounts();
    if (accounts.status !== 'known') return accounts;
    const { mint, metaplex } = accounts.facts;
    const onChain = {
      tokenProgram: mint.program,
      decimals: mint.decimals,
      supply: mint.supply,
      mintAuthority: mint.mintAuthority,
      freezeAuthority: mint.freezeAuthority,
      extensions: [...mint.extensions],
      ...describe(mint.metadata, metaplex),
      offchain: PENDING,
    } satisfies FactsOf<'metadata'>;
    publish(onChain);
    return known({ ...onChain, offchain: await settled(ask.offchain()) });
  },
};

type Described = Pick<
  FactsOf<'metadata'>,
  'name' | 'symbol' | 'uri' | 'updateAuthority' | 'mutable'
>;
type Described2022 = {
  name: string;
  symbol: string;
  uri: string;
  updateAuthority: Described['updateAuthority'];
};

/** Token-2022 carries its metadata in the mint; whoever may update it may rename the token. */
function describe(
  own: Described2022 | null,
  metaplex: (Described2022 & { mutable: boolean }) | undefined,
): Described {
  if (own !== null) return { ...own, mutable: own.updateAuthority !== null };
  if (metaplex === undefined) {
    return { name: '', symbol: '', uri: '', updateAuthority: null, mutable: null };
  }
  const { name, symbol, uri, updateAuthority, mutable } = metaplex;
  return { name, symbol, uri, updateAuthority, mutable };
}
