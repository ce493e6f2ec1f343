import type { MarketToken } from '../openings/market-token.ts';
import { type TokenHolder, percentOf } from './token-holders.ts';

/** A risk as RugCheck words it; scores add up. */
export type Risk = {
  readonly name: string;
  readonly value: string;
  readonly description: string;
  readonly score: number;
  readonly level: 'warn' | 'danger';
};

const risk = (
  name: string,
  description: string,
  score: number,
  level: Risk['level'],
  value = '',
): Risk => ({ name, value, description, score: Math.round(score), level });

type Facts = { readonly holders: readonly TokenHolder[]; readonly liquidityUsd: number };

/** What RugCheck would hold against the token, worst first. */
export function risksOf(token: MarketToken, { holders, liquidityUsd }: Facts): Risk[] {
  const { recipe, place } = token;
  const found = [...authorityRisks(token)];
  const people = holders.filter(({ owner }) => owner !== place.authority);
  const single = percentOf(people[0]?.amount ?? 0n, recipe.supply);
  const top = people.slice(0, 10).reduce((sum, { amount }) => sum + amount, 0n);
  const topTen = percentOf(top, recipe.supply);
  if (recipe.standing.rugHistory) {
    const text = 'Creator has a history of rugging tokens.';
    found.push(risk('Creator history of rugged tokens', text, 110_000, 'danger'));
  }
  if (single > 20) {
    const text = 'One user holds a large amount of the token supply';
    found.push(
      risk('Single holder ownership', text, single * 100, 'danger', `${single.toFixed(2)}%`),
    );
  }
  if (topTen > 50) {
    const text = 'The top 10 users hold more than 50% token supply';
    found.push(risk('Top 10 holders high ownership', text, topTen * 100, 'danger'));
  }
  if (liquidityUsd < 1_000) {
    const text = 'Low amount of liquidity in the token pool';
    found.push(risk('Low Liquidity', text, 3_000, 'danger', `$${liquidityUsd.toFixed(2)}`));
  }
  if (!recipe.isLiquidityBurnt && recipe.opening.event === 'pool') {
    const text =
      'A large amount of LP tokens are unlocked, allowing the owner to remove liquidity at any point.';
    found.push(risk('Large Amount of LP Unlocked', text, 10_000, 'danger', '100.00%'));
  }
  if (recipe.isMetadataMutable) {
    const text = 'Token metadata can be changed by the owner';
    found.push(risk('Mutable metadata', text, 100, 'warn'));
  }
  return found.sort((a, b) => b.score - a.score);
}

function authorityRisks({ recipe }: MarketToken): Risk[] {
  const found: Risk[] = [];
  if (recipe.mintAuthority !== null) {
    found.push(
      risk(
        'Mint Authority still enabled',
        'More tokens can be minted by the owner',
        50_000,
        'danger',
      ),
    );
  }
  if (recipe.freezeAuthority !== null) {
    const text = 'Tokens can be frozen and prevented from trading in the future';
    found.push(risk('Freeze Authority still enabled', text, 25_000, 'danger'));
  }
  for (const extension of recipe.extensions) {
    if (extension.type === 'permanentDelegate') {
      const text = 'The owner can transfer or burn tokens of any holder';
      found.push(risk('Permanent Control Enabled', text, 50_000, 'danger'));
    }
    if (extension.type === 'transferFee' && extension.feeBps > 0) {
      const value = `${(extension.feeBps / 100).toFixed(2)}%`;
      const text = 'Each transfer is charged a fee';
      found.push(risk('Transfer Fee', text, extension.feeBps * 10, 'danger', value));
    }
    if (extension.type === 'nonTransferable') {
      found.push(risk('Non transferable', 'Tokens can not be transferred', 100_000, 'danger'));
    }
  }
  return found;
}

/**
 * The sum of the risks plus one, and its place in 0..100. The real formula is unpublished: this one
 * meets its recorded points (1 for none, 62 for 24,186).
 */
export function scoreOf(risks: readonly Risk[]): { score: number; score_normalised: number } {
  const score = risks.reduce((sum, { score }) => sum + score, 1);
  const normalised = Math.max(1, Math.min(100, Math.round(Math.log10(score) * 14.1)));
  return { score, score_normalised: normalised };
}
