import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

import { reasonOf } from '#shared/domain/fault.ts';
import { CommandError } from './command-error.ts';
import { plain } from './terminal.ts';

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
  /** Resolves with the exit code: 0 for ok, 1 when it found a problem. */
  readonly run: (values: Values<Options>, positionals: readonly string[]) => Promise<0 | 1>;
};

/**
 * Runs a command with the process's arguments and sets the exit code: 0 ok, 1 a problem, 2 wrong
 * usage. Problems are told in one sentence on standard error.
 */
export async function runCommand<Options extends ParseArgsOptionsConfig>(
  { help, options, positionals: takesPositionals = false, run }: Command<Options>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // A reader that has seen enough (`| head`) is no problem of ours.
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  try {
    const { values, positionals } = parsed(options, args);
    if (!takesPositionals && positionals.length > 0) {
      throw new CommandError(`"${positionals.join(' ')}" is not understood`, { exitCode: 2 });
    }
    process.exitCode = await run(values, positionals);
  } catch (error) {
    const isUsage = error instanceof CommandError && error.exitCode === 2;
    const sentence = error instanceof CommandError ? error.message : reasonOf(error);
    process.stderr.write(`${plain(sentence)}\n${isUsage ? `\n${help}` : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

function parsed<Options extends ParseArgsOptionsConfig>(options: Options, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new CommandError(
      reasonOf(cause).replace(/^TypeError: |\. To specify a positional.*$/g, ''),
      { cause, exitCode: 2 },
    );
  }
}
