import { isFault } from '#shared/domain/fault.ts';
import { CommandError } from './command-error.ts';

/** 0: ok, 1: found a problem, 2: wrong usage. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs a command and sets the process's exit code. Problems that a person can mend are one sentence
 * on standard error; anything else keeps its stack, since it is ours to mend.
 */
export async function runCommand(command: (args: string[]) => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await command(process.argv.slice(2));
  } catch (error) {
    process.exitCode = tell(error);
  }
}

function tell(error: unknown): ExitCode {
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (
    error instanceof Error &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  ) {
    process.stderr.write(`${error.message}\nSee --help.\n`);
    return 2;
  }
  if (isFault(error)) {
    const { context } = error;
    const issues = 'issues' in context ? context.issues : [error.message];
    process.stderr.write(`${issues.join('\n')}\n`);
    return 1;
  }
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 1;
}
