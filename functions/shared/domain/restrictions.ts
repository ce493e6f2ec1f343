import type { Extension, Restriction } from './evidence.ts';
import type { TokenMint } from './token-mint.ts';
import type { BasisPoints } from './units.ts';

/** Extensions that cannot hurt a holder. Every other type is a restriction: unknown ones fail closed. */
const HARMLESS = new Set([
  'metadataPointer',
  'tokenMetadata',
  'groupPointer',
  'tokenGroup',
  'groupMemberPointer',
  'tokenGroupMember',
]);

/** Everything in a mint that lets somebody stop, tax, seize or dilute its holders. */
export function restrictionsOf(mint: TokenMint): Restriction[] {
  const restrictions: Restriction[] = [];
  if (mint.mintAuthority !== null) {
    restrictions.push({ kind: 'mint-authority', detail: `${mint.mintAuthority} can print more` });
  }
  if (mint.freezeAuthority !== null) {
    restrictions.push({ kind: 'freeze-authority', detail: `${mint.freezeAuthority} can freeze` });
  }
  for (const extension of mint.extensions) {
    const restriction = restrictionOf(extension);
    if (restriction !== undefined) restrictions.push(restriction);
  }
  return restrictions;
}

/** The highest transfer fee that applies now or is already scheduled. */
export const transferFeeBps = (mint: TokenMint): BasisPoints =>
  Math.max(0, ...mint.extensions.map((extension) => extension.transferFeeBps ?? 0));

function restrictionOf(extension: Extension): Restriction | undefined {
  const { type, typeNumber, authority } = extension;
  switch (type) {
    case 'transferFeeConfig': {
      const fee = `${extension.transferFeeBps ?? 0} bps of each transfer`;
      if (authority) return { kind: 'raisable-fee', detail: `${fee}, ${authority} can raise it` };
      return extension.transferFeeBps ? { kind: 'transfer-fee', detail: fee } : undefined;
    }
    case 'permanentDelegate':
      return authority
        ? { kind: 'permanent-delegate', detail: `${authority} can seize` }
        : undefined;
    case 'transferHook':
      return hook(extension);
    case 'defaultAccountState':
      return extension.frozen === false
        ? undefined
        : { kind: 'default-frozen', detail: 'new accounts start frozen' };
    case 'nonTransferable':
      return { kind: 'non-transferable', detail: 'the token cannot be transferred' };
    case 'pausableConfig':
      return pause(extension);
    default:
      return HARMLESS.has(type)
        ? undefined
        : { kind: 'unvetted-extension', detail: `${type} (type ${typeNumber})` };
  }
}

function pause({ paused, authority }: Extension): Restriction | undefined {
  // Paused by somebody who then gave the right away: it stays paused.
  if (paused) return { kind: 'pausable', detail: 'all transfers are paused' };
  return authority ? { kind: 'pausable', detail: `${authority} can pause` } : undefined;
}

function hook({ programId, authority }: Extension): Restriction | undefined {
  if (programId) return { kind: 'transfer-hook', detail: `${programId} runs on each transfer` };
  if (authority) return { kind: 'transfer-hook', detail: `${authority} can install a hook` };
  return undefined;
}
