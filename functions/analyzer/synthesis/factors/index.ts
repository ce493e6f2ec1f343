import type { Factor } from '../factor.ts';
import { concentration } from './concentration.ts';
import { creator } from './creator.ts';
import { demand } from './demand.ts';
import { liquidity } from './liquidity.ts';
import { organic } from './organic.ts';
import { rugcheck } from './rugcheck.ts';
import { social } from './social.ts';

/** Every factor of the score, weighted by `[synthesis.weights]`. */
export const FACTORS: readonly Factor[] = [
  concentration,
  creator,
  liquidity,
  demand,
  rugcheck,
  organic,
  social,
];
