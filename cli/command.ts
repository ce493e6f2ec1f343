import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

import { reasonOf } from '#shared/domain/fault.ts';
import { CommandError } from './command-error.ts';
import { runCommand as runWithExitCode } from './run-command.ts';

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>['values'];

/** A command of `npm run`. */
export type Command<Options extends ParseArgsOptionsConfig> = {
  /** Printed by `--help`, and after a wrong usage. */
  readonly help: string;
  readonly options: Options;
  /** Whether it takes arguments besides its options. */
  readonly positionals?: boolean;
  /** Resolves with the exit code: 0 for ok, 1 when it found a problem, 2 for wrong usage. */
  readonly run: (values: Values<Options>, positionals: readonly string[]) => Promise<0 | 1 | 2>;
};

/** Parses the process's arguments and runs a command with them; its exit code is the process's. */
export const runCommand = async <Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
): Promise<void> =>
  runWithExitCode(async (args) => {
    // A reader that has seen enough (`| head`) is no problem of ours.
    process.stdout.once('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? 0 : 1);
    });
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(command.help);
      return 0;
    }
    const { values, positionals } = parsed(command, args);
    return command.run(values, positionals);
  });

/** @throws {CommandError} with exit code 2, the reason and the help. */
function parsed<Options extends ParseArgsOptionsConfig>(
  { help, options, positionals: takesPositionals = false }: Command<Options>,
  args: string[],
) {
  const wrong = (reason: string, cause?: unknown) =>
    new CommandError(`${reason}\n\n${help}`, { cause, exitCode: 2 });
  let found;
  try {
    found = parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    // Node's sentence goes on about how to pass a positional argument that begins with a dash.
    const [reason = ''] = reasonOf(cause)
      .replace(/^TypeError: /, '')
      .split('. ');
    throw wrong(reason, cause);
  }
  if (takesPositionals || found.positionals.length === 0) return found;
  throw wrong(`"${found.positionals.join(' ')}" is not understood`);
}
