import { Fault } from './fault.ts';

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/**
 * Replaces each `${NAME}` in a configured URL or key by that key of the upstream secret, as it is.
 * An empty value is good only where the placeholder is the whole text: "no key", never "a URL with
 * a hole in it".
 * @throws {Fault} `config.invalid` naming the missing or empty key, never a value.
 */
export const fillPlaceholders = (text: string, keys: Readonly<Record<string, string>>): string =>
  text.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    const value = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (value === undefined) throw missing(name, 'is missing from');
    if (value === '' && placeholder !== text) throw missing(name, 'is empty in');
    return value;
  });

const missing = (name: string, what: string): Fault =>
  new Fault('config.invalid', {
    issues: [`the key ${name} ${what} the upstream secret, and the configuration asks for it`],
  });
