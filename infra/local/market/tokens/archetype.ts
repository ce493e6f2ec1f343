/** What a perfect judge does with a token. `either`: no judge is right or wrong here. */
export type Expectation = 'buy' | 'refuse' | 'either';

/** A kind of token whose truth is known. */
export type Archetype = {
  /** True when whoever buys loses: it cannot be sold, is taxed, or will be dumped. */
  readonly trap: boolean;
  readonly expectation: Expectation;
  readonly why: string;
  /**
   * Share of the default mix, in tenths of a percent. About six in ten show on chain at once that
   * they are traps, about a quarter is sound, the rest takes judgement.
   */
  readonly weight: number;
};

const onChain = (weight: number, why: string): Archetype => ({
  trap: true,
  expectation: 'refuse',
  why,
  weight,
});

export const ARCHETYPES = {
  sound: {
    trap: false,
    expectation: 'buy',
    why: 'no authority is left, the supply is spread, the pool is deep, people trade it',
    weight: 220,
  },
  freezable: onChain(150, 'somebody can freeze what the buyer holds'),
  mintable: onChain(170, 'somebody can print more of it'),
  'transfer-fee': onChain(70, 'each transfer is taxed'),
  'fee-raisable': onChain(40, 'the tax on transfers is 0 until somebody raises it'),
  hook: onChain(40, 'a program of the creator decides on each transfer'),
  'permanent-delegate': onChain(50, 'somebody can take it back from any holder'),
  'default-frozen': onChain(30, 'what the buyer gets is frozen at once'),
  'non-transferable': onChain(20, 'it can never be sent, hence never be sold'),
  pausable: onChain(30, 'somebody can stop all transfers'),
  'mint-close': onChain(10, 'the mint can be closed and made anew with other rules'),
  concentrated: onChain(25, 'one holder has two fifths of the supply'),
  bundled: onChain(25, 'look-alike wallets bought two fifths in the very slot of the launch'),
  'creator-heavy': onChain(20, 'the creator still holds enough to empty the pool'),
  'pulled-liquidity': onChain(15, 'next to nothing is left in the pool'),
  'thin-liquidity': onChain(15, 'the pool is so thin that any trade moves the price by percents'),
  'metadata-missing': {
    trap: false,
    expectation: 'either',
    why: 'sound on chain, but it has no metadata at all',
    weight: 10,
  },
  'metadata-hostile': onChain(20, 'its metadata attacks whoever reads it'),
  'metadata-slow': {
    trap: false,
    expectation: 'buy',
    why: 'sound, but its metadata host takes seconds',
    weight: 10,
  },
  'not-indexed-yet': {
    trap: false,
    expectation: 'buy',
    why: 'sound, but for some seconds no index knows it',
    weight: 10,
  },
  'rug-history': onChain(10, 'its creator has pulled many pools before'),
  suspicious: onChain(10, "Jupiter's audit flags it"),
} as const satisfies Record<string, Archetype>;

export type ArchetypeName = keyof typeof ARCHETYPES;

export const ARCHETYPE_NAMES = Object.keys(ARCHETYPES).filter(
  (name): name is ArchetypeName => name in ARCHETYPES,
);
