import { isAddress } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { SYSTEM_PROGRAM } from '../chain/program-ids.ts';
import { type Reply, json } from '../http/reply.ts';
import type { MarketRequest } from '../http/market-server.ts';
import type { MarketToken } from '../openings/market-token.ts';
import type { MintExtension } from '../tokens/mint-extension.ts';
import type { TokenRecipe } from '../tokens/token-recipe.ts';
import { demandOf } from './demand.ts';
import { SOL_USD, liquidityUsd, poolState, solOf } from './pool-state.ts';
import { type Risk, risksOf, scoreOf } from './rugcheck-risks.ts';
import { type TokenHolder, percentOf, tokenHolders } from './token-holders.ts';
import { type UpstreamContext, isKnown } from './upstream-context.ts';

const TOP_HOLDERS = 20;

/** `GET /v1/tokens/{mint}/report` and `/report/summary`. */
export function rugcheckReport(context: UpstreamContext, request: MarketRequest): Reply {
  // RugCheck refuses any credential it does not know, and answers who sends none.
  const { headers, query } = request;
  if (headers['x-api-key'] ?? headers.authorization ?? query.get('key')) {
    return json({ error: 'invalid api key' }, 401);
  }
  const [, mint = '', tail] = /^\/v1\/tokens\/(\w+)\/report(\/summary)?$/.exec(request.path) ?? [];
  if (mint === '') return json({ error: 'not found' }, 404);
  const token = isAddress(mint) ? context.book.get(mint) : undefined;
  if (token?.opened === undefined) return json({ error: 'not found' }, 400);
  if (!isKnown(context, token, 'rugcheck'))
    return json({ error: 'unable to generate report' }, 400);
  const holders = tokenHolders(context.chain, token);
  const state = poolState(context.chain, token);
  const risks = risksOf(token, {
    holders,
    liquidityUsd: liquidityUsd(state, token.recipe.decimals),
  });
  return json(
    tail === undefined ? report(context, token, holders, risks) : summary(token.recipe, risks),
  );
}

const summary = ({ tokenProgram }: TokenRecipe, risks: readonly Risk[]) => ({
  tokenProgram,
  tokenType: '',
  risks,
  ...scoreOf(risks),
  // RugCheck's summary says 0 even where its report says that all is locked.
  lpLockedPct: 0,
});

function report(
  { chain }: UpstreamContext,
  token: MarketToken,
  holders: readonly TokenHolder[],
  risks: readonly Risk[],
) {
  const { recipe, place } = token;
  const { mint, tokenProgram, decimals, supply, creator, standing, text, opening } = recipe;
  const mintInfo = {
    mintAuthority: recipe.mintAuthority,
    supply: Number(supply),
    decimals,
    isInitialized: true,
    freezeAuthority: recipe.freezeAuthority,
  };
  const creatorAmount = holders.find(({ owner }) => owner === creator)?.amount ?? 0n;
  const isFrozenText = !recipe.isMetadataMutable;
  const state = poolState(chain, token);
  const known = { name: 'Market', type: 'AMM' };
  return {
    mint,
    tokenProgram,
    creator,
    creatorBalance: Number(creatorAmount),
    token: mintInfo,
    token_extensions: extensionsJson(recipe),
    tokenMeta: {
      ...text,
      mutable: recipe.isMetadataMutable,
      updateAuthority: isFrozenText ? SYSTEM_PROGRAM : creator,
    },
    topHolders: holders.slice(0, TOP_HOLDERS).map((holder) => holderJson(holder, recipe)),
    freezeAuthority: recipe.freezeAuthority,
    mintAuthority: recipe.mintAuthority,
    risks,
    ...scoreOf(risks),
    fileMeta: { description: '', name: text.name, symbol: text.symbol, image: '' },
    lockerOwners: {},
    lockers: {},
    lockerScanStatus: 'none',
    markets: [market(token, mintInfo, state)],
    totalMarketLiquidity: liquidityUsd(state, decimals),
    totalStableLiquidity: solOf(state.lamports) * SOL_USD,
    totalLPProviders: recipe.isLiquidityBurnt ? 0 : 1,
    totalHolders: demandOf(token, chain.clock.nowMs()).holderCount,
    price: state.priceSol * SOL_USD,
    rugged: standing.rugged,
    tokenType: '',
    transferFee: transferFeeJson(recipe),
    knownAccounts: {
      [place.pool]: known,
      [place.baseVault]: known,
      [place.authority]: known,
      [creator]: { name: 'Creator', type: 'CREATOR' },
    },
    events: [],
    verification: null,
    validation: { validated: false },
    graphInsidersDetected: 0,
    insiderNetworks: null,
    detectedAt: new Date(token.opened?.atMs ?? 0).toISOString(),
    creatorTokens: standing.rugHistory ? creatorTokens(token) : null,
    launchpad:
      opening.venue === 'pump-fun' || opening.event === 'migration'
        ? {
            name: 'Pump.Fun',
            logo: 'https://api.rugcheck.xyz/public/logos/pump_fun.png',
            url: 'https://x.com/pumpfun',
            platform: 'pump_fun',
          }
        : null,
    deployPlatform: 'unknown',
  };
}

const holderJson = (
  { account, owner, amount }: TokenHolder,
  { decimals, supply }: TokenRecipe,
) => ({
  address: account,
  amount: Number(amount),
  decimals,
  pct: percentOf(amount, supply),
  uiAmount: Number(amount) / 10 ** decimals,
  uiAmountString: String(Number(amount) / 10 ** decimals),
  owner,
  insider: false,
});

/** Mints that the creator made before: the ones RugCheck lists are a few of many. */
const creatorTokens = ({ recipe, opened }: MarketToken) =>
  recipe.holders.slice(0, Math.min(3, recipe.standing.devMints)).map(({ account }, index) => ({
    mint: account,
    marketCap: 2 + index,
    createdAt: new Date((opened?.atMs ?? 0) - (index + 1) * 3_600_000).toISOString(),
  }));

function market(token: MarketToken, mintInfo: object, state: ReturnType<typeof poolState>) {
  const { recipe, place } = token;
  const { decimals, isLiquidityBurnt, opening } = recipe;
  const lpLockedPct = isLiquidityBurnt || opening.event !== 'pool' ? 100 : 0;
  const base = Number(state.base) / 10 ** decimals;
  const quote = solOf(state.lamports);
  const nobody = { mintAuthority: null, supply: 0, isInitialized: true, freezeAuthority: null };
  const account = (mint: string, amount: bigint) => ({
    mint,
    owner: place.authority,
    amount: Number(amount),
    delegate: null,
    state: 1,
    delegatedAmount: 0,
    closeAuthority: null,
  });
  return {
    pubkey: place.pool,
    marketType: opening.labels.rugcheck,
    mintA: recipe.mint,
    mintB: WRAPPED_SOL,
    mintLP: place.lpMint ?? SYSTEM_PROGRAM,
    liquidityA: place.baseVault,
    liquidityB: place.quoteVault ?? place.pool,
    mintAAccount: mintInfo,
    mintBAccount: { ...nobody, decimals: 9 },
    mintLPAccount: { ...nobody, decimals: 9 },
    liquidityAAccount: account(recipe.mint, state.base),
    liquidityBAccount: account(WRAPPED_SOL, state.lamports),
    lp: {
      baseMint: recipe.mint,
      quoteMint: WRAPPED_SOL,
      lpMint: place.lpMint ?? SYSTEM_PROGRAM,
      quotePrice: SOL_USD,
      basePrice: state.priceSol * SOL_USD,
      base,
      quote,
      quoteUSD: quote * SOL_USD,
      baseUSD: base * state.priceSol * SOL_USD,
      holders: null,
      lpLockedPct,
      lpLockedUSD: (liquidityUsd(state, decimals) * lpLockedPct) / 100,
    },
  };
}

function transferFeeJson({ extensions }: TokenRecipe) {
  const fee = extensions.find((extension) => extension.type === 'transferFee');
  return {
    pct: fee === undefined ? 0 : fee.feeBps / 100,
    maxAmount: Number(fee?.maxFee ?? 0n),
    authority: fee?.authority ?? SYSTEM_PROGRAM,
  };
}

/** RugCheck's `token_extensions`: null for what a token lacks. */
function extensionsJson({ extensions, mint, text, creator, isMetadataMutable }: TokenRecipe) {
  const shown = Object.fromEntries(
    extensions.map((extension) => [extension.type, shownOf(extension)]),
  );
  const hasMetadata = 'metadataPointer' in shown;
  const authority = isMetadataMutable ? creator : null;
  return {
    nonTransferable: 'nonTransferable' in shown,
    transferFeeConfig: shown['transferFee'] ?? null,
    defaultAccountState: shown['defaultFrozen'] ?? null,
    permanentDelegate: shown['permanentDelegate'] ?? null,
    metadataPointer: hasMetadata ? { authority: null, metadataAddress: mint } : null,
    groupPointer: null,
    groupMemberPointer: null,
    tokenMetadata: hasMetadata ? { authority, mint, ...text, additionalMetadata: {} } : null,
    mintCloseAuthority: shown['mintClose'] ?? null,
    confidentialTransferMint: null,
    interestBearingConfig: shown['interestBearing'] ?? null,
    transferHook: shown['transferHook'] ?? null,
    confidentialTransferFeeConfig: null,
    tokenGroup: null,
    tokenGroupMember: null,
    scaledUiAmountConfig: shown['scaledUiAmount'] ?? null,
    pausableConfig: shown['pausable'] ?? null,
  };
}

/** No sample shows RugCheck's fields of a dangerous extension: these are the token program's words. */
function shownOf(extension: MintExtension): object {
  if (extension.type === 'defaultFrozen') return { state: 'frozen' };
  if (extension.type !== 'transferFee') return extension;
  const { feeBps, maxFee, authority } = extension;
  const fee = { maximumFee: Number(maxFee), transferFeeBasisPoints: feeBps };
  return { olderTransferFee: fee, newerTransferFee: fee, transferFeeConfigAuthority: authority };
}
