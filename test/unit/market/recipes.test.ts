import { describe, expect, it } from 'vitest';

import { Random } from '#infra/local/market/random.ts';
import { ARCHETYPES, ARCHETYPE_NAMES } from '#infra/local/market/tokens/archetype.ts';
import { makeRecipe, suits } from '#infra/local/market/tokens/make-recipe.ts';
import { splitAmount } from '#infra/local/market/tokens/split-supply.ts';
import type { TokenRecipe } from '#infra/local/market/tokens/token-recipe.ts';
import { OPENINGS, weighOpenings } from '#infra/local/market/venues/openings.ts';

const RECIPES = ARCHETYPE_NAMES.flatMap((archetype) =>
  OPENINGS.filter(([opening]) => suits(archetype, opening)).flatMap(([opening]) =>
    [1, 2, 3].map((time) =>
      makeRecipe(archetype, opening, new Random(`${archetype}/${opening.id}/${time}`), 'fast'),
    ),
  ),
);
const of = (archetype: string) => RECIPES.filter((recipe) => recipe.archetype === archetype);
const share = (amount: bigint, { supply }: TokenRecipe) => Number(amount) / Number(supply);
const everybody = ({ holders, bundle, creatorAmount }: TokenRecipe) =>
  [
    ...holders.map(({ amount }) => amount),
    ...bundle.map(({ amount }) => amount),
    creatorAmount,
  ].sort((a, b) => (a < b ? 1 : -1));

const make = (seed: string) => makeRecipe('sound', OPENINGS[0]![0], new Random(seed), 'real');

describe('recipes', () => {
  it('give away the whole supply, and no more', () => {
    for (const recipe of RECIPES) {
      const held = everybody(recipe).reduce((sum, amount) => sum + amount, recipe.poolAmount);
      expect([recipe.archetype, recipe.opening.id, held]).toEqual([
        recipe.archetype,
        recipe.opening.id,
        recipe.supply,
      ]);
      expect(everybody(recipe).every((amount) => amount >= 0n)).toBe(true);
    }
  });

  it('spread what is sound: no holder has an eighth, ten have less than two fifths', () => {
    for (const recipe of of('sound')) {
      const shares = everybody(recipe).map((amount) => share(amount, recipe));
      expect(shares[0]).toBeLessThan(0.125);
      const ten = shares.slice(0, 10).reduce((sum, one) => sum + one, 0);
      expect(ten).toBeLessThan(0.4);
      expect(recipe.poolLamports).toBeGreaterThan(8_000_000_000n);
      expect([recipe.mintAuthority, recipe.freezeAuthority]).toEqual([null, null]);
    }
  });

  it('give each trap what makes it one', () => {
    expect(of('freezable').every(({ freezeAuthority }) => freezeAuthority !== null)).toBe(true);
    expect(of('mintable').every(({ mintAuthority }) => mintAuthority !== null)).toBe(true);
    for (const recipe of of('concentrated')) {
      expect(share(everybody(recipe)[0]!, recipe)).toBeGreaterThan(0.37);
    }
    for (const recipe of of('bundled')) {
      const bundled = recipe.bundle.reduce((sum, { amount }) => sum + amount, 0n);
      expect(share(bundled, recipe)).toBeGreaterThan(0.41);
      // Alike, and none of them large: only together do they show.
      const shares = recipe.bundle.map(({ amount }) => share(amount, recipe));
      expect(Math.max(...shares)).toBeLessThan(0.06);
      expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.2);
    }
    for (const recipe of of('creator-heavy')) {
      expect(share(recipe.creatorAmount, recipe)).toBeGreaterThan(0.1);
    }
    for (const recipe of of('pulled-liquidity')) {
      expect(recipe.poolLamports).toBeLessThan(400_000_000n);
    }
    for (const recipe of of('thin-liquidity')) {
      expect(recipe.poolLamports).toBeLessThan(4_000_000_001n);
    }
    const extensions = (archetype: string) =>
      of(archetype).flatMap((recipe) => recipe.extensions.map(({ type }) => type));
    expect(extensions('hook')).toContain('transferHook');
    expect(extensions('permanent-delegate')).toContain('permanentDelegate');
    expect(extensions('default-frozen')).toContain('defaultFrozen');
    expect(extensions('sound')).not.toContain('transferFee');
  });

  it('come out the same for the same seed', () => {
    expect(make('x')).toEqual(make('x'));
    expect(make('x').mint).not.toBe(make('y').mint);
  });

  it('keep the promised mix: six in ten refused on chain, a fifth to a quarter sound', () => {
    const total = ARCHETYPE_NAMES.reduce((sum, name) => sum + ARCHETYPES[name].weight, 0);
    const onChain = [
      'freezable',
      'mintable',
      'transfer-fee',
      'fee-raisable',
      'hook',
      'permanent-delegate',
      'default-frozen',
      'non-transferable',
      'pausable',
      'mint-close',
    ] as const;
    const weight = onChain.reduce((sum, name) => sum + ARCHETYPES[name].weight, 0);
    expect(weight / total).toBeGreaterThan(0.6);
    expect(weight / total).toBeLessThan(0.65);
    expect(ARCHETYPES.sound.weight / total).toBeGreaterThan(0.2);
    expect(ARCHETYPES.sound.weight / total).toBeLessThan(0.25);
  });
});

describe('splitAmount', () => {
  it('loses nothing and keeps each part below its limit', () => {
    const parts = splitAmount(1_000_003n, 12, new Random('split'), { sigma: 1, maxShare: 0.2 });
    expect(parts).toHaveLength(12);
    expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(1_000_003n);
    expect(Number(parts[0]) / 1_000_003).toBeLessThan(0.21);
    expect(parts).toEqual(parts.toSorted((a, b) => (a < b ? 1 : -1)));
  });

  it('has no parts of nothing', () => {
    expect(splitAmount(0n, 5, new Random('split'), { sigma: 1, maxShare: 1 })).toEqual([]);
  });
});

describe('weighOpenings', () => {
  it('takes weights of venues and of single openings', () => {
    const chosen = weighOpenings({ 'raydium-amm-v4': 2, 'pump-fun/create': 5 });
    expect(chosen.map(([{ id }]) => id).sort()).toEqual([
      'pump-fun/create',
      'raydium-amm-v4/initialize2',
    ]);
  });

  it('refuses a venue that it does not know', () => {
    expect(() => weighOpenings({ uniswap: 1 })).toThrow(/no opening or venue "uniswap"/);
  });
});
