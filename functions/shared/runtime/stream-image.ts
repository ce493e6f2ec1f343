import type { AttributeValue } from 'aws-lambda';

/** A stream record's image as plain values: numbers as numbers, sets as lists, binary as base64. */
export const plainImage = (image: Readonly<Record<string, AttributeValue>>) =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plainValue(value)]));

function plainValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return plainImage(value.M);
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.NULL !== undefined) return null;
  if (value.NS !== undefined) return value.NS.map(Number);
  return value.SS ?? value.B ?? value.BS;
}
