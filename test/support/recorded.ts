import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Payloads recorded from the live chain and APIs; they lie beside the checkout, not in it. */
const folder = fileURLToPath(new URL('../../../shared/recorded/', import.meta.url));

export const hasRecordings = existsSync(folder);
if (!hasRecordings)
  process.stderr.write(`No recordings at ${folder}: the tests that read them are skipped.\n`);

/** The text of a recording, by its path within the folder. */
export const recordedText = (path: string): string => readFileSync(`${folder}${path}`, 'utf8');

export const recorded = (path: string): unknown => JSON.parse(recordedText(path));
