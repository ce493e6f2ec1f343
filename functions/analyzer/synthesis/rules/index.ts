import type { RuleId } from '#config/trading-config.ts';
import type { Rule } from '../rule.ts';
import { bundle } from './bundle.ts';
import { creatorShare } from './creator-share.ts';
import { extensions } from './extensions.ts';
import { freezeAuthority } from './freeze-authority.ts';
import { largestHolder } from './largest-holder.ts';
import { liquidity } from './liquidity.ts';
import { liquidityLock } from './liquidity-lock.ts';
import { mintAuthority } from './mint-authority.ts';
import { poolOpen } from './pool-open.ts';
import { priceImpact } from './price-impact.ts';
import { rugcheckRisk } from './rugcheck-risk.ts';
import { rugged } from './rugged.ts';
import { serialCreator } from './serial-creator.ts';
import { suspicious } from './suspicious.ts';
import { tokenProgram } from './token-program.ts';
import { topHolders } from './top-holders.ts';
import { transferFee } from './transfer-fee.ts';

/** Every hard rule by its id in `[synthesis.rules]`; the first to fail is the first reason named. */
export const RULES: { readonly [Id in RuleId]: Rule<Id> } = {
  'token-program': tokenProgram,
  'mint-authority': mintAuthority,
  'freeze-authority': freezeAuthority,
  'transfer-fee': transferFee,
  extensions,
  'largest-holder': largestHolder,
  'top-holders': topHolders,
  'creator-share': creatorShare,
  bundle,
  liquidity,
  'price-impact': priceImpact,
  'pool-open': poolOpen,
  'rugcheck-risk': rugcheckRisk,
  rugged,
  suspicious,
  'serial-creator': serialCreator,
  'liquidity-lock': liquidityLock,
};

export const RULE_IDS = [
  'token-program',
  'mint-authority',
  'freeze-authority',
  'transfer-fee',
  'extensions',
  'largest-holder',
  'top-holders',
  'creator-share',
  'bundle',
  'liquidity',
  'price-impact',
  'pool-open',
  'rugcheck-risk',
  'rugged',
  'suspicious',
  'serial-creator',
  'liquidity-lock',
] as const satisfies readonly RuleId[];
