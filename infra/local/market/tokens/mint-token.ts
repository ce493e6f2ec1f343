import type { Address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import type { Chain } from '../chain/chain.ts';
import type { Instruction } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import {
  INCINERATOR,
  METADATA_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { MINT_BYTES, TOKEN_ACCOUNT_BYTES } from '../chain/token-layout.ts';
import type { PoolPlace } from '../venues/venue-opening.ts';
import {
  initializeExtension,
  mintBytes,
  needsImmutableOwner,
  tokenAccountBytes,
} from './mint-extension.ts';
import { createAccount, transferLamports } from './system-instructions.ts';
import {
  initializeAccount,
  initializeImmutableOwner,
  initializeMint,
  mintTo,
  setAuthority,
  setFrozen,
} from './token-instructions.ts';
import {
  freezeTokenMetadata,
  initializeTokenMetadata,
  metaplexAddress,
  metaplexMetadata,
  tokenMetadataBytes,
} from './token-metadata.ts';
import type { Holder, TokenRecipe } from './token-recipe.ts';

const MULTISIG_BYTES = 355;
/** What the creator of a token has for fees, and a wallet of a bundle to buy with. */
const POCKET_MONEY = 3_000_000_000n;
const BUNDLE_MONEY = 40_000_000_000n;

/** True when the pool is filled from the creator's account; else its part is minted as it opens. */
export const isPoolFilledByTransfer = ({ extensions, opening }: TokenRecipe): boolean =>
  opening.event !== 'launch' && extensions.every(({ type }) => type === 'metadataPointer');

/**
 * Puts a token on chain up to the moment before its pool opens: the mint with its extensions and
 * metadata, every holder's account and balance, the pool's empty vaults.
 */
export function mintToken(chain: Chain, recipe: TokenRecipe, place: PoolPlace): void {
  const byTransfer = isPoolFilledByTransfer(recipe);
  const forThePool = recipe.bundle.reduce((sum, { amount }) => sum + amount, recipe.poolAmount);
  const creatorHolding: Holder = {
    owner: recipe.creator,
    account: recipe.creatorAccount,
    amount: recipe.creatorAmount + (byTransfer ? forThePool : 0n),
  };
  const buyers = recipe.bundle.map(({ owner, account }) => ({ owner, account, amount: 0n }));
  const holders = [creatorHolding, ...recipe.holders, ...buyers];
  chain.setUp([
    ...mintInstructions(chain, recipe),
    ...holders.flatMap((holder) => holderInstructions(chain, recipe, holder)),
    ...vaultInstructions(chain, recipe, place),
    ...(byTransfer ? [finalMintAuthority(recipe)] : []),
    transferLamports(chain.treasury, recipe.creator, POCKET_MONEY + recipe.poolLamports),
    ...recipe.bundle.map(({ owner }) => transferLamports(chain.treasury, owner, BUNDLE_MONEY)),
  ]);
  for (const { account, owner } of holders) {
    chain.tokenAccounts.add(account, { mint: recipe.mint, owner });
  }
  chain.tokenAccounts.add(place.baseVault, { mint: recipe.mint, owner: place.authority });
  chain.custody.take(place.authority);
  if (recipe.onChainMetadata === 'metaplex') writeMetaplex(chain, recipe);
  if (place.lpMint !== null) writeLiquidityTokens(chain, recipe, place.lpMint);
}

/** Who may mint in the end: until the pool is open it is the creator. */
export const finalMintAuthority = ({ tokenProgram, mint, creator, mintAuthority }: TokenRecipe) =>
  setAuthority({ tokenProgram, of: mint, kind: 0, current: creator, next: mintAuthority });

function mintInstructions(chain: Chain, recipe: TokenRecipe): Instruction[] {
  const { mint, tokenProgram, extensions, creator, text } = recipe;
  const space = mintBytes(extensions);
  const inMint = recipe.onChainMetadata === 'mint';
  const grown = space + (inMint ? tokenMetadataBytes(text) : 0);
  // Token-2022 never makes an account as long as a multisig: it adds an empty extension type.
  const lamports = chain.vm.rentOf(grown === MULTISIG_BYTES ? grown + 2 : grown);
  const { decimals, freezeAuthority } = recipe;
  return [
    createAccount({ from: chain.treasury, account: mint, lamports, space, owner: tokenProgram }),
    ...extensions.map((extension) => initializeExtension(mint, extension)),
    initializeMint({ tokenProgram, mint, decimals, mintAuthority: creator, freezeAuthority }),
    ...(inMint ? [initializeTokenMetadata(mint, creator, text)] : []),
    ...(inMint && !recipe.isMetadataMutable ? [freezeTokenMetadata(mint, creator)] : []),
  ];
}

function holderInstructions(
  chain: Chain,
  recipe: TokenRecipe,
  { owner, account, amount }: Holder,
): Instruction[] {
  const { mint, tokenProgram, creator } = recipe;
  return [
    ...tokenAccountInstructions(chain, recipe, account, owner),
    ...(amount > 0n ? [mintTo({ tokenProgram, mint, account, authority: creator, amount })] : []),
  ];
}

/** An empty account of the token, thawed where accounts are born frozen. */
function tokenAccountInstructions(
  chain: Chain,
  { mint, tokenProgram, extensions, freezeAuthority }: TokenRecipe,
  account: Address,
  owner: Address,
): Instruction[] {
  const space = tokenAccountBytes(extensions);
  const lamports = chain.vm.rentOf(space);
  const isBornFrozen = extensions.some(({ type }) => type === 'defaultFrozen');
  return [
    createAccount({ from: chain.treasury, account, lamports, space, owner: tokenProgram }),
    ...(needsImmutableOwner(extensions)
      ? [initializeImmutableOwner({ tokenProgram, account })]
      : []),
    initializeAccount({ tokenProgram, account, mint, owner }),
    ...(isBornFrozen && freezeAuthority !== null
      ? [setFrozen({ tokenProgram, account, mint, authority: freezeAuthority, frozen: false })]
      : []),
  ];
}

function vaultInstructions(chain: Chain, recipe: TokenRecipe, place: PoolPlace): Instruction[] {
  const instructions = tokenAccountInstructions(chain, recipe, place.baseVault, place.authority);
  if (place.quoteVault === null) return instructions;
  const tokenProgram = TOKEN_PROGRAM;
  const account = place.quoteVault;
  const space = TOKEN_ACCOUNT_BYTES;
  const lamports = chain.vm.rentOf(space);
  return [
    ...instructions,
    createAccount({ from: chain.treasury, account, lamports, space, owner: tokenProgram }),
    initializeAccount({ tokenProgram, account, mint: WRAPPED_SOL, owner: place.authority }),
  ];
}

function writeMetaplex(
  chain: Chain,
  { mint, creator, text, isMetadataMutable }: TokenRecipe,
): void {
  const data = metaplexMetadata(mint, creator, text, isMetadataMutable);
  const lamports = chain.vm.rentOf(data.length);
  chain.vm.setAccount(metaplexAddress(mint), { lamports, owner: METADATA_PROGRAM, data });
}

/** Liquidity tokens are the venue's doing, so they are written, not minted: burnt, or all the creator's. */
function writeLiquidityTokens(chain: Chain, recipe: TokenRecipe, lpMint: Address): void {
  const liquidity = BigInt(
    Math.floor(Math.sqrt(Number(recipe.poolAmount) * Number(recipe.poolLamports))),
  );
  // Graduates burn theirs for good; others send them to the incinerator.
  const isGone = recipe.opening.event === 'migration';
  const tokenProgram = isGone ? TOKEN_2022_PROGRAM : TOKEN_PROGRAM;
  const decimals = 9;
  const mint = new ByteWriter(MINT_BYTES)
    .u32(0)
    .zeros(32)
    .u64(isGone ? 0n : liquidity)
    .u8(decimals);
  mint.bool(true).zeros(36);
  const rent = chain.vm.rentOf(TOKEN_ACCOUNT_BYTES);
  chain.vm.setAccount(lpMint, { lamports: rent, owner: tokenProgram, data: mint.done() });
  if (isGone) return;
  const holder = recipe.isLiquidityBurnt ? INCINERATOR : recipe.creator;
  const account = new ByteWriter(TOKEN_ACCOUNT_BYTES).address(lpMint).address(holder);
  account
    .u64(liquidity)
    .zeros(36)
    .u8(1)
    .zeros(TOKEN_ACCOUNT_BYTES - account.length);
  const address = liquidityAccount(lpMint);
  chain.vm.setAccount(address, { lamports: rent, owner: tokenProgram, data: account.done() });
  chain.tokenAccounts.add(address, { mint: lpMint, owner: holder });
}

/** Where the liquidity tokens of a pool lie: one account for each pool. */
const liquidityAccount = (lpMint: Address): Address => marketAddress(lpMint, 'liquidity');
