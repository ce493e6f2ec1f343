import { CommandError } from './command-error.ts';

/** A number above zero of an option's text; undefined when the option was not given. */
export function positiveNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CommandError(`${name} is "${text}": a number above zero is expected`, { exitCode: 2 });
}
