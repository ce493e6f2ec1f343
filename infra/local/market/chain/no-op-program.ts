import { ByteWriter } from './byte-writer.ts';

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
/** `mov64 r0, 0` and `exit`: the program answers "ok" to everything. */
const CODE = Buffer.from('b7000000000000009500000000000000', 'hex');
/** Section names: the empty one, `.text` at 1 and `.shstrtab` at 7. */
const NAMES = Buffer.from('\0.text\0.shstrtab\0\0\0\0\0\0\0\0');

/**
 * An ELF file for Solana's virtual machine that does nothing and succeeds.
 *
 * The DEX programs' own binaries are not ours to give away. With this in their place, a transaction
 * that carries a DEX's true instruction runs on the local chain next to real token movements.
 */
export function noOpProgram(): Uint8Array {
  const textAt = HEADER_BYTES + PROGRAM_HEADER_BYTES;
  const namesAt = textAt + CODE.length;
  const sectionsAt = namesAt + NAMES.length;
  const elf = new ByteWriter(sectionsAt + 3 * SECTION_HEADER_BYTES);
  // ELF header: 64 bit, little endian, shared object, machine eBPF (247).
  elf.hex('7f454c46020101000000000000000000').u16(3).u16(247).u32(1);
  elf.u64(BigInt(textAt)).u64(BigInt(HEADER_BYTES)).u64(BigInt(sectionsAt)).u32(0);
  elf.u16(HEADER_BYTES).u16(PROGRAM_HEADER_BYTES).u16(1).u16(SECTION_HEADER_BYTES).u16(3).u16(2);
  // One loadable segment, readable and executable, which lies where the file has it.
  elf.u32(1).u32(5);
  for (const value of [textAt, textAt, textAt, CODE.length, CODE.length, 0x1000]) {
    elf.u64(BigInt(value));
  }
  elf.bytes(CODE).bytes(NAMES).zeros(SECTION_HEADER_BYTES);
  section(elf, { name: 1, type: 1, flags: 6, address: textAt, offset: textAt, size: CODE.length });
  section(elf, { name: 7, type: 3, flags: 0, address: 0, offset: namesAt, size: NAMES.length });
  return elf.done();
}

function section(
  elf: ByteWriter,
  of: Record<'name' | 'type' | 'flags' | 'address' | 'offset' | 'size', number>,
): void {
  elf.u32(of.name).u32(of.type);
  for (const value of [of.flags, of.address, of.offset, of.size]) elf.u64(BigInt(value));
  elf.u32(0).u32(0).u64(8n).u64(0n);
}
