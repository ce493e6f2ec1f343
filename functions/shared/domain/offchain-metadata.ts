import { cleanText } from './clean-text.ts';
import type { OffchainMetadata } from './evidence.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields we use of a creator's metadata JSON, whatever its shape: links stand at the top level
 * (Pump.fun), or in `extensions`, `links`, `socials`, `properties`. Never throws.
 */
export function readOffchainMetadata(document: unknown): OffchainMetadata {
  const top = fieldsOf(document);
  const places = [
    top,
    ...['extensions', 'links', 'socials', 'properties'].map((key) => fieldsOf(top[key])),
  ];
  const linkOf = (...keys: readonly string[]): string | null => {
    for (const place of places) {
      for (const key of keys) {
        const value = textOf(place[key], 300);
        if (value !== '') return value;
      }
    }
    return null;
  };
  return {
    name: textOf(top['name'], 64),
    symbol: textOf(top['symbol'], 32),
    description: textOf(top['description'], 280),
    hasImage: textOf(top['image'], 300) !== '',
    twitter: linkOf('twitter', 'x'),
    telegram: linkOf('telegram'),
    website: linkOf('website', 'external_url'),
  };
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};

const textOf = (value: unknown, maxLength: number): string =>
  typeof value === 'string' ? cleanText(value, maxLength) : '';
