import { LocalCloudError } from '../local-cloud-error.ts';

/** Whether a value passes a compiled pattern. `undefined` is a key that is not there. */
export type Matches = (value: unknown) => boolean;

type Condition = (value: unknown) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Compiles one `FilterCriteria` pattern: keys of an object must all match, values of an array are
 * alternatives.
 *
 * @throws {LocalCloudError} for what the pattern language has and this has not, so that a filter
 * never lets through or stops what it would not on AWS. Source: Lambda, "Filter rule syntax".
 */
export function compileFilter(pattern: unknown, path = 'the pattern'): Matches {
  if (Array.isArray(pattern)) {
    const alternatives = pattern.map((condition: unknown) => compileCondition(condition, path));
    if (alternatives.length === 0)
      throw new LocalCloudError(`Event filter: ${path} has an empty list, which matches nothing.`);
    return (value) => alternatives.some((condition) => matchesOne(condition, value));
  }
  if (!isObject(pattern))
    throw new LocalCloudError(
      `Event filter: ${path} must be an object or a list of alternatives, not ${JSON.stringify(pattern)}.`,
    );
  const keys = Object.entries(pattern).map(([key, inner]): readonly [string, Matches] => {
    if (key.startsWith('$'))
      throw new LocalCloudError(
        `Event filter: ${path} uses ${key}, which the local cloud does not know.`,
      );
    return [key, compileFilter(inner, `${path}.${key}`)];
  });
  return (value) => {
    const object = isObject(value) ? value : {};
    return keys.every(([key, matches]) => matches(object[key]));
  };
}

/** A record's own list matches when one of its items does; `exists` looks at the list itself. */
function matchesOne(condition: Condition, value: unknown): boolean {
  if (!Array.isArray(value)) return condition(value);
  const items: readonly unknown[] = value;
  return condition(value) || items.some((item) => condition(item));
}

function compileCondition(condition: unknown, path: string): Condition {
  if (!isObject(condition)) {
    if (condition === null || ['string', 'number', 'boolean'].includes(typeof condition))
      return (value) => value === condition;
    throw unsupported(condition, path);
  }
  const [entry, ...rest] = Object.entries(condition);
  if (entry === undefined || rest.length > 0) throw unsupported(condition, path);
  const [operator, operand] = entry;
  if (operator === 'exists' && typeof operand === 'boolean')
    return (value) => (value !== undefined) === operand;
  if (operator === 'prefix' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.startsWith(operand);
  if (operator === 'suffix' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.endsWith(operand);
  if (operator === 'equals-ignore-case' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.toLowerCase() === operand.toLowerCase();
  if (operator === 'anything-but') {
    const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    if (!excluded.some(isObject))
      return (value) => value !== undefined && !excluded.includes(value);
  }
  if (operator === 'numeric' && Array.isArray(operand)) return compileNumeric(operand, path);
  throw unsupported(condition, path);
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** `["=", 5]`, or a range as `[">", 0, "<=", 5]`. Numbers of DynamoDB are strings and never match. */
function compileNumeric(operand: readonly unknown[], path: string): Condition {
  const tests: Condition[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const limit = operand[index + 1];
    const compare = COMPARISONS[String(operand[index])];
    if (compare === undefined || typeof limit !== 'number')
      throw unsupported({ numeric: operand }, path);
    tests.push((value) => typeof value === 'number' && compare(value, limit));
  }
  return (value) => tests.length > 0 && tests.every((test) => test(value));
}

const unsupported = (condition: unknown, path: string): LocalCloudError =>
  new LocalCloudError(
    `Event filter: ${path} has the condition ${JSON.stringify(condition)}, which the local cloud does not know.`,
  );

/** Compiles `FilterCriteria`: a record passes when one of the filters matches, or there are none. */
export function compileFilterCriteria(patterns: readonly string[]): Matches {
  const filters = patterns.map((pattern) => compileFilter(JSON.parse(pattern)));
  return (value) => filters.length === 0 || filters.some((matches) => matches(value));
}
