import * as fc from 'fast-check';
import * as z from 'zod';

import { addressSchema } from '#shared/domain/address.ts';
import { type Evidence, type EvidenceJson, evidenceSchema } from '#shared/domain/evidence.ts';
import { MAX_U64, amountSchema } from '#shared/domain/units.ts';
import { STABLE_MINTS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressNamed } from './detections.ts';

type Shape = z.core.JSONSchema.BaseSchema;

/** Marks what JSON Schema alone cannot say: a string that is an address or an amount. */
const FORMATS = new Map<z.core.$ZodType, string>([
  [addressSchema, 'address'],
  [amountSchema, 'amount'],
]);

const shape = z.toJSONSchema(evidenceSchema, {
  io: 'input',
  reused: 'inline',
  override: ({ zodSchema, jsonSchema }) => {
    const format = FORMATS.get(zodSchema);
    if (format !== undefined) jsonSchema.format = format;
  },
});

const addresses = fc.oneof(
  fc.constantFrom(WRAPPED_SOL, ...STABLE_MINTS),
  fc.integer({ min: 0, max: 30 }).map((at) => addressNamed(`address ${at}`)),
);
/** Small ones, usual ones, and the largest that the chain can hold. */
const amounts = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 1_000n }),
    fc.bigInt({ min: 0n, max: 1_000_000_000_000n }),
    fc.bigInt({ min: 0n, max: MAX_U64 }),
  )
  .map(String);

/** Values of a schema, from the JSON Schema that zod makes of it. */
function valuesOf(of: Shape): fc.Arbitrary<unknown> {
  if (of.const !== undefined) return fc.constant(of.const);
  if (of.enum !== undefined) return fc.constantFrom(...of.enum);
  const options = of.anyOf ?? of.oneOf;
  if (options !== undefined) return fc.oneof(...options.map((option) => valuesOf(option)));
  // The schema's output type says one type; zod writes a nullable one as a list of two.
  const type: unknown = of.type;
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((one: Shape['type']) => valuesOf({ ...of, type: one } as Shape)));
  }
  switch (of.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(of.properties ?? {}).map(([key, value]) => [
            key,
            valuesOf(value as Shape),
          ]),
        ),
        { requiredKeys: of.required ?? [] },
      );
    case 'array':
      return fc.array(valuesOf(of.items as Shape), { maxLength: Math.min(of.maxItems ?? 8, 8) });
    case 'string':
      if (of.format === 'address') return addresses;
      if (of.format === 'amount') return amounts;
      return fc.string({ maxLength: Math.min(of.maxLength ?? 40, 200), unit: 'binary' });
    case 'integer':
      return fc.integer({
        min: Math.max(of.minimum ?? -1_000_000, Number.MIN_SAFE_INTEGER),
        max: Math.min(of.maximum ?? 2_000_000_000_000, Number.MAX_SAFE_INTEGER),
      });
    case 'number':
      return fc.double({
        min: of.minimum ?? -1e12,
        max: of.maximum ?? 1e12,
        noNaN: true,
        noDefaultInfinity: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new TypeError(`no arbitrary for ${JSON.stringify(of)}`);
  }
}

/** Any evidence of the schema, as JSON. */
export const anyEvidenceJson = valuesOf(shape) as fc.Arbitrary<EvidenceJson>;

/** Any evidence of the schema. */
export const anyEvidence: fc.Arbitrary<Evidence> = anyEvidenceJson.map((json) =>
  z.decode(evidenceSchema, json),
);
