import { existsSync } from 'node:fs';

import { type Browser, chromium } from 'playwright-core';

/** Where Chromium lies: `CHROMIUM_PATH`, or Debian's place; undefined when it is not there. */
export const chromiumPath: string | undefined = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
].find((path) => path !== '' && existsSync(path));

/** Said by tests that are skipped for want of a browser. */
export const NO_CHROMIUM =
  'no Chromium found: apt-get install chromium, or set CHROMIUM_PATH to any Chromium';

/** A headless Chromium that talks to nobody but the page. */
export async function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
