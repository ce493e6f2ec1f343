import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import type { Reply, Route } from './page-server.ts';

const BROWSER = new URL('./browser/', import.meta.url);

/** The page's document, script and style: built at start-up, and kept in memory. */
export async function pageAssets(): Promise<Route> {
  const [document, built] = await Promise.all([
    readFile(new URL('index.html', BROWSER)),
    bundled(),
  ]);
  const assets = new Map<string, Reply>([
    ['/', { kind: 'asset', type: 'text/html; charset=utf-8', body: document }],
    ['/page.js', { kind: 'asset', type: 'text/javascript; charset=utf-8', body: built.script }],
    ['/style.css', { kind: 'asset', type: 'text/css; charset=utf-8', body: built.style }],
  ]);
  return ({ pathname }) => assets.get(pathname);
}

async function bundled(): Promise<{ readonly script: Uint8Array; readonly style: Uint8Array }> {
  const { outputFiles } = await build({
    entryPoints: {
      page: fileURLToPath(new URL('main.tsx', BROWSER)),
      style: fileURLToPath(new URL('page.css', BROWSER)),
    },
    outdir: '/',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const output = (name: string): Uint8Array => {
    const file = outputFiles.find(({ path }) => path.endsWith(name));
    if (file === undefined) throw new Error(`esbuild wrote no ${name}`);
    return file.contents;
  };
  return { script: output('page.js'), style: output('style.css') };
}
