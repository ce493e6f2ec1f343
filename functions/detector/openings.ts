import type { PoolOpening } from '#shared/domain/detection.ts';
import { VENUE_PROGRAMS, type Venue } from '#shared/domain/venue.ts';
import type { ChainInstruction } from './chain-instruction.ts';
import type { ChainTransaction } from './chain-transaction.ts';
import { startsWith } from './discriminator.ts';
import { openingOf } from './opening.ts';
import { VENUE_DECODERS } from './venues/index.ts';
import type {
  InstructionForm,
  MigrationForm,
  OpeningForm,
  VenueDecoder,
} from './venues/venue-decoder.ts';

/** An instruction that opens a pool, and why its opening cannot be told. */
export type UnresolvedOpening = {
  readonly venue: Venue;
  readonly instruction: string;
  readonly reason: string;
};

/** What one transaction opened, in the order of its instructions. */
export type OpeningsFound = {
  readonly openings: PoolOpening[];
  readonly unresolved: UnresolvedOpening[];
};

/** An instruction of a venue, recognised. */
type Match<Form extends InstructionForm> = {
  readonly venue: Venue;
  readonly form: Form;
  readonly instruction: ChainInstruction;
  readonly data: Uint8Array;
};

const DECODER_BY_PROGRAM: ReadonlyMap<string, VenueDecoder> = new Map(
  VENUE_DECODERS.map((decoder) => [VENUE_PROGRAMS[decoder.venue], decoder]),
);

/** The calls by which programs emit events name one account; what opens a pool names many. */
const ACCOUNTS_OF_AN_EVENT = 1;

/**
 * Every pool of these venues that the transaction opened.
 *
 * A program id is checked before anything is decoded: most transactions stop there, and programs
 * share discriminators. A migration and the pool opened under it are one opening, at the pool's
 * venue. A failed transaction opened nothing.
 */
export function openingsIn(
  transaction: ChainTransaction,
  venues: ReadonlySet<Venue>,
): OpeningsFound {
  const found: OpeningsFound = { openings: [], unresolved: [] };
  if (transaction.failed) return found;

  const opened: Match<OpeningForm>[] = [];
  const migrations: Match<MigrationForm>[] = [];
  for (const instruction of transaction.instructions) {
    const match = matchOf(instruction);
    if (match === undefined) continue;
    const { form } = match;
    if (form.kind === 'migration') migrations.push({ ...match, form });
    else if (venues.has(match.venue)) opened.push({ ...match, form });
  }

  for (const match of opened) {
    const { venue, form, instruction, data } = match;
    const migration = migrations.find((candidate) => leadsTo(candidate, match, transaction));
    const opening = openingOf({
      venue,
      form,
      call: { instruction, data, transaction, migrating: migration !== undefined },
      migratedMint: migration?.instruction.account(migration.form.accounts.mint),
    });
    if (typeof opening === 'string')
      found.unresolved.push({ venue, instruction: form.name, reason: opening });
    else found.openings.push(opening);
  }
  for (const migration of migrations) {
    if (!venues.has(migration.form.to)) continue;
    const reason = opened.some((match) => leadsTo(migration, match, transaction))
      ? undefined
      : whyNoPool(migration, transaction);
    if (reason === undefined) continue;
    const { venue, form } = migration;
    found.unresolved.push({ venue, instruction: form.name, reason });
  }
  return found;
}

function matchOf(instruction: ChainInstruction): Match<InstructionForm> | undefined {
  const decoder = DECODER_BY_PROGRAM.get(instruction.program);
  if (decoder === undefined || instruction.accountCount <= ACCOUNTS_OF_AN_EVENT) return undefined;
  const { data } = instruction;
  if (data === undefined) return undefined;
  const form = decoder.forms.find(({ discriminator }) => startsWith(data, discriminator));
  return form && { venue: decoder.venue, form, instruction, data };
}

/** A program can only pass on accounts that it was given: a pool opened under a migration is one of them. */
function leadsTo(
  migration: Match<MigrationForm>,
  opening: Match<OpeningForm>,
  { instructions }: ChainTransaction,
): boolean {
  const pool = opening.instruction.account(opening.form.accounts.pool);
  return (
    migration.form.to === opening.venue &&
    isCalledFrom(migration.instruction, opening.instruction, instructions) &&
    pool !== undefined &&
    migration.instruction.accounts.includes(pool)
  );
}

/** Called from `caller`, at whatever depth. Where a source leaves the depth out: later, under one outer. */
function isCalledFrom(
  caller: ChainInstruction,
  { place }: ChainInstruction,
  instructions: readonly ChainInstruction[],
): boolean {
  if (place.outerIndex !== caller.place.outerIndex) return false;
  if (place.position <= caller.place.position) return false;
  const depth = caller.place.stackHeight ?? 0;
  return instructions
    .slice(caller.place.position + 1, place.position + 1)
    .every((between) => (between.place.stackHeight ?? Number.POSITIVE_INFINITY) > depth);
}

/**
 * Why a migration is without the pool that it leads to, or undefined when there is none: Pump.fun's
 * `migrate` succeeds without doing anything when another was faster, which is every third one.
 */
function whyNoPool(
  { form, instruction }: Match<MigrationForm>,
  { instructions, innerInstructionsKnown }: ChainTransaction,
): string | undefined {
  if (!innerInstructionsKnown)
    return 'the inner instructions, which would open its pool, were not recorded';
  const called = instructions.some(
    (call) =>
      call.program === VENUE_PROGRAMS[form.to] &&
      call.accountCount > ACCOUNTS_OF_AN_EVENT &&
      isCalledFrom(instruction, call, instructions),
  );
  return called ? `it called ${form.to} by an instruction that is not known` : undefined;
}
