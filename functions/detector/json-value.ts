/** A JSON object, as `JSON.parse` makes it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object; false for lists, null and scalars. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for a JSON list of anything. */
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A whole number that JavaScript holds exactly, 0 or more; null for anything else. */
export const wholeNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
