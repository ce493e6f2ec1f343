import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { buildSync } from 'esbuild';

import type { TradingConfig } from '#config/trading-config.ts';
import { BUNDLE_OPTIONS } from '#infra/constructs/bundle-options.ts';

export type FunctionModule = {
  /** Bytes of the bundle. */
  readonly size: number;
  /** Imports the bundle: its cold start, with the environment as it is then. */
  readonly load: () => Promise<unknown>;
};

/** Bundles a function as it is deployed, with its configuration beside it, into `directory`. */
export function functionModule(
  entry: string,
  config: TradingConfig,
  directory: string,
): FunctionModule {
  mkdirSync(directory, { recursive: true });
  const outfile = `${directory}/index.mjs`;
  const { metafile } = buildSync({
    entryPoints: [entry],
    outfile,
    metafile: true,
    ...BUNDLE_OPTIONS,
  });
  writeFileSync(`${directory}/trading.json`, JSON.stringify(config));
  const [output] = Object.values(metafile.outputs);
  return {
    size: output?.bytes ?? 0,
    load: async () => import(/* @vite-ignore */ pathToFileURL(outfile).href) as Promise<unknown>,
  };
}
