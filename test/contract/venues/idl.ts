import { createHash } from 'node:crypto';

import * as fc from 'fast-check';

import { borshString, key, u64 } from '../../support/call-trees.ts';
import { addressNamed } from '../../support/detections.ts';

/** A type of Anchor's interface descriptions, of the forms before and since 0.30. */
export type IdlType =
  | string
  | { readonly option: IdlType }
  | { readonly vec: IdlType }
  | { readonly array: readonly [IdlType, number] }
  | { readonly defined: string | { readonly name: string } };

type IdlField = { readonly name: string; readonly type: IdlType };
type IdlFields = readonly (IdlField | IdlType)[];

export type IdlInstruction = {
  readonly name: string;
  readonly discriminator?: readonly number[];
  readonly accounts: readonly { readonly name: string }[];
  readonly args: readonly IdlField[];
};

export type Idl = {
  readonly address?: string;
  readonly instructions: readonly IdlInstruction[];
  readonly events?: readonly {
    readonly name: string;
    readonly discriminator?: readonly number[];
  }[];
  readonly types?: readonly {
    readonly name: string;
    readonly type:
      | { readonly kind: 'struct'; readonly fields?: IdlFields }
      | {
          readonly kind: 'enum';
          readonly variants: readonly { readonly name: string; readonly fields?: IdlFields }[];
        };
  }[];
};

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The description with all names in snake case, as they are since 0.30. */
export const inSnakeCase = (idl: Idl): Idl => ({
  ...idl,
  instructions: idl.instructions.map((instruction) => ({
    ...instruction,
    name: snakeCase(instruction.name),
    accounts: instruction.accounts.map(({ name }) => ({ name: snakeCase(name) })),
    args: instruction.args.map((arg) => ({ ...arg, name: snakeCase(arg.name) })),
  })),
});

/** Anchor's rule for what an instruction's data, or an event, starts with; in hex. */
export const anchorDiscriminator = (kind: 'global' | 'event', name: string): string =>
  createHash('sha256').update(`${kind}:${name}`).digest('hex').slice(0, 16);

/** A value of a type: its Borsh form, and for those that matter here what it is. */
export type Encoded = { readonly bytes: Uint8Array; readonly value: unknown };

const WIDTHS: Readonly<Record<string, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u128: 16,
  i128: 16,
  f64: 8,
  f32: 4,
};

const raw = (length: number): fc.Arbitrary<Encoded> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({ bytes, value: bytes }));

/** Arbitrary values of a type, encoded by what the description says, not by what we decode. */
export function valueOf(idl: Idl, type: IdlType): fc.Arbitrary<Encoded> {
  if (typeof type === 'string') return primitive(type);
  if ('option' in type)
    return fc.option(valueOf(idl, type.option), { nil: undefined }).map((some) => ({
      bytes: some === undefined ? Uint8Array.of(0) : Buffer.concat([Uint8Array.of(1), some.bytes]),
      value: some?.value,
    }));
  if ('vec' in type)
    return fc.array(valueOf(idl, type.vec), { maxLength: 3 }).map((items) => {
      const count = Buffer.alloc(4);
      count.writeUInt32LE(items.length);
      return { bytes: Buffer.concat([count, ...items.map((item) => item.bytes)]), value: items };
    });
  if ('array' in type) {
    const [of, length] = type.array;
    return fc
      .array(valueOf(idl, of), { minLength: length, maxLength: length })
      .map((items) => ({ bytes: Buffer.concat(items.map((item) => item.bytes)), value: items }));
  }
  const name = typeof type.defined === 'string' ? type.defined : type.defined.name;
  const definition = idl.types?.find((each) => each.name === name)?.type;
  if (definition === undefined) throw new Error(`the description does not define ${name}`);
  if (definition.kind === 'struct') return fieldsOf(idl, definition.fields ?? []);
  return fc.oneof(
    ...definition.variants.map(({ fields }, index) =>
      fieldsOf(idl, fields ?? []).map(({ bytes, value }) => ({
        bytes: Buffer.concat([Uint8Array.of(index), bytes]),
        value: fields === undefined ? index : value,
      })),
    ),
  );
}

function primitive(type: string): fc.Arbitrary<Encoded> {
  if (type === 'bool')
    return fc.boolean().map((value) => ({ bytes: Uint8Array.of(value ? 1 : 0), value }));
  if (type === 'u64')
    return fc.bigInt(0n, 2n ** 64n - 1n).map((value) => ({ bytes: u64(value), value }));
  if (type === 'i64')
    return fc.bigInt(0n, 2n ** 40n).map((value) => ({ bytes: u64(value), value }));
  if (type === 'u8') return fc.nat(255).map((value) => ({ bytes: Uint8Array.of(value), value }));
  if (type === 'string')
    return fc.string({ maxLength: 40 }).map((value) => ({ bytes: borshString(value), value }));
  if (type === 'pubkey' || type === 'publicKey')
    return fc.nat().map((seed) => {
      const value = addressNamed(`key ${seed}`);
      return { bytes: key(value), value };
    });
  const width = WIDTHS[type];
  if (width === undefined) throw new Error(`the type ${type} is not known`);
  return raw(width);
}

/** Fields one behind the other; the values by their names. */
export function fieldsOf(
  idl: Idl,
  fields: IdlFields,
): fc.Arbitrary<Encoded & { readonly value: Record<string, unknown> }> {
  const named = fields.map((field, index) =>
    typeof field === 'object' && 'name' in field && 'type' in field
      ? field
      : { name: String(index), type: field },
  );
  return fc.tuple(...named.map(({ type }) => valueOf(idl, type))).map((values) => ({
    bytes: Buffer.concat(values.map((each) => each.bytes)),
    value: Object.fromEntries(named.map(({ name }, index) => [name, values[index]?.value])),
  }));
}
