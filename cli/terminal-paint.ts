import { styleText } from 'node:util';

import type { Paint } from './explain/paint.ts';

/** Colours where standard output is a terminal that takes them (`NO_COLOR` switches them off). */
export const terminalPaint: Paint = {
  good: (text) => styleText('green', text),
  bad: (text) => styleText('red', text),
  unsure: (text) => styleText('yellow', text),
  dim: (text) => styleText('dim', text),
  bold: (text) => styleText('bold', text),
};
