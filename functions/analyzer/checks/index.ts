import type { Checks } from './check.ts';
import { holders } from './holders.ts';
import { honeypot } from './honeypot.ts';
import { liquidity } from './liquidity.ts';
import { metadata } from './metadata.ts';
import { organic } from './organic.ts';
import { social } from './social.ts';

/** All checks of a token; they start at once. */
export const CHECKS: Checks = { metadata, holders, social, honeypot, organic, liquidity };
