import { type Address, isAddress } from '#shared/domain/address.ts';
import type { PoolOpening } from '#shared/domain/detection.ts';
import {
  BURN_OWNERS,
  CUSTODY_OWNERS,
  QUOTE_MINTS,
  type Venue,
  WRAPPED_SOL,
} from '#shared/domain/venue.ts';
import type { OpeningCall, OpeningDetails, OpeningForm } from './venues/venue-decoder.ts';

type RecognisedCall = {
  readonly venue: Venue;
  readonly form: OpeningForm;
  readonly call: OpeningCall;
  /** The token that a launchpad's migration moves to this pool, where one called it. */
  readonly migratedMint: string | undefined;
};

/** The opening that a recognised instruction makes, or a sentence on why it cannot be told. */
export function openingOf({
  venue,
  form,
  call,
  migratedMint,
}: RecognisedCall): PoolOpening | string {
  const { instruction, data } = call;
  if (data.length < form.leastDataBytes)
    return `its data has ${data.length} bytes, of ${form.leastDataBytes} that are read`;
  const details = form.details?.(call) ?? {};
  const read = addressesOf(form, call, details);
  if (read === undefined)
    return `not all that is read of its ${instruction.accountCount} accounts are addresses`;

  const { a, b } = read;
  const aIsNew = isFirstNew(form, a.mint, b.mint, migratedMint);
  if (typeof aIsNew === 'string') return aIsNew;
  const [base, quote] = aIsNew ? [a, b] : [b, a];
  return {
    mint: base.mint,
    pool: read.pool,
    venue,
    event: call.migrating ? 'migration' : (details.event ?? form.event),
    quoteMint: quote.mint,
    creator: read.creator === null || isNobody(read.creator) ? null : read.creator,
    baseVault: base.vault,
    quoteVault: form.quoteVaultIsShared === true ? null : quote.vault,
    lpMint: read.lpMint,
    openTime: details.openTime ?? null,
  };
}

/** One of the two sides of a pool. */
type Side = { readonly mint: Address; readonly vault: Address | null };

type Addresses = {
  readonly pool: Address;
  readonly a: Side;
  readonly b: Side;
  readonly lpMint: Address | null;
  readonly creator: Address | null;
};

/** Undefined when an account that is to be read is missing, or is no address. */
function addressesOf(
  { accounts }: OpeningForm,
  { instruction }: OpeningCall,
  details: OpeningDetails,
): Addresses | undefined {
  const at = (index: number): Address | undefined => asAddress(instruction.account(index));
  const atOrNone = (index: number | null) => (index === null ? null : at(index));

  const pool = at(accounts.pool);
  const mintA = at(accounts.mintA);
  const vaultA = atOrNone(accounts.vaultA);
  const named = accounts.mintB === null ? WRAPPED_SOL : instruction.account(accounts.mintB);
  const mintB = asAddress(details.quoteMint ?? named);
  const vaultB = atOrNone(details.quoteVault ?? accounts.vaultB);
  const lpMint = atOrNone(accounts.lpMint);
  const creator = details.creator === undefined ? atOrNone(accounts.creator) : details.creator;
  if (pool === undefined || mintA === undefined || mintB === undefined) return undefined;
  if (vaultA === undefined || vaultB === undefined) return undefined;
  if (lpMint === undefined || creator === undefined) return undefined;
  return {
    pool,
    a: { mint: mintA, vault: vaultA },
    b: { mint: mintB, vault: vaultB },
    lpMint,
    creator,
  };
}

const asAddress = (account: string | undefined): Address | undefined =>
  account !== undefined && isAddress(account) ? account : undefined;

/** Programs' own accounts make pools on behalf of somebody whom they do not name. */
const isNobody = (creator: Address): boolean =>
  CUSTODY_OWNERS.has(creator) || BURN_OWNERS.has(creator);

/** Whether the first mint is the new token. A pair of which neither or both are quotes is not guessed. */
function isFirstNew(
  { pair }: OpeningForm,
  mintA: Address,
  mintB: Address,
  migratedMint: string | undefined,
): boolean | string {
  if (pair === 'first-is-base' || migratedMint === mintA) return true;
  if (migratedMint === mintB) return false;
  const quoteA = QUOTE_MINTS.has(mintA);
  if (quoteA !== QUOTE_MINTS.has(mintB)) return !quoteA;
  return quoteA
    ? `both mints are quote mints: ${mintA}, ${mintB}`
    : `neither mint is a quote mint: ${mintA}, ${mintB}`;
}
