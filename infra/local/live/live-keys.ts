import type { TradingConfig } from '#config/trading-config.ts';

/** The keys of real upstreams, from the environment. */
export type LiveKeys = {
  /** By placeholder; empty for one that may be left out and was. */
  readonly keys: Readonly<Record<string, string>>;
  /** Placeholders inside of an address that have no value: nothing works without. */
  readonly missing: readonly string[];
  /** Placeholders that are a whole value and have none: the upstream is asked without a key, or not at all. */
  readonly without: readonly string[];
};

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** Reads each `${NAME}` of the configured upstreams from the environment variable NAME. */
export function liveKeys(
  { upstreams }: Pick<TradingConfig, 'upstreams'>,
  environment: Readonly<Record<string, string | undefined>>,
): LiveKeys {
  const keys: Record<string, string> = {};
  const missing = new Set<string>();
  const without = new Set<string>();
  for (const text of textsIn(upstreams)) {
    for (const [placeholder, name = ''] of text.matchAll(PLACEHOLDER)) {
      keys[name] = environment[name] ?? '';
      if (keys[name] !== '') continue;
      if (placeholder === text) without.add(name);
      else missing.add(name);
    }
  }
  return {
    keys,
    missing: [...missing],
    without: [...without].filter((name) => !missing.has(name)),
  };
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* textsIn(inner);
  }
}
