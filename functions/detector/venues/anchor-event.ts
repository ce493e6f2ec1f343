import { ByteReader } from '../byte-reader.ts';
import type { ChainInstruction } from '../chain-instruction.ts';
import type { ChainTransaction } from '../chain-transaction.ts';
import { startsWith } from '../discriminator.ts';

/** Anchor's `emit_cpi!`: the program calls itself with this tag, then the event (anchor_lang::event). */
const EVENT_TAG = 'e445a52e51cb9a1d';
const EVENT_START = 16;

/**
 * What the first fitting event says that a program emitted after `instruction`, by calling itself.
 *
 * Only the program can sign such a call, so no one else can make one up, as they can a log line.
 * `read` answers undefined for an event about something else.
 */
export function eventAfter<Facts>(
  instruction: ChainInstruction,
  { instructions }: ChainTransaction,
  discriminator: string,
  read: (event: ByteReader) => Facts | undefined,
): Facts | undefined {
  const { position, outerIndex } = instruction.place;
  for (let at = position + 1; at < instructions.length; at += 1) {
    const call = instructions[at];
    if (call === undefined || call.place.outerIndex !== outerIndex) return undefined;
    if (call.program !== instruction.program || call.accountCount !== 1) continue;
    const { data } = call;
    if (data === undefined || !startsWith(data, EVENT_TAG + discriminator)) continue;
    const facts = read(new ByteReader(data, EVENT_START));
    if (facts !== undefined) return facts;
  }
  return undefined;
}
