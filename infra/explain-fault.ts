import { isFault } from '#shared/domain/fault.ts';

/** What went wrong, for a person at a terminal: a sentence a line for a wrong setting, else the stack. */
export function explainFault(error: unknown): string {
  if (isFault(error) && 'issues' in error.context) {
    const lines = error.context.issues.map((issue) => `  - ${issue}`);
    return `The configuration is not valid. Nothing was made.\n${lines.join('\n')}\n`;
  }
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
