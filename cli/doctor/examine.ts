import { isFault, reasonOf } from '#shared/domain/fault.ts';
import { CommandError } from '../command-error.ts';
import { plain } from '../terminal.ts';
import type { CheckResult, CheckStatus, DoctorCheck, DoctorContext } from './check.ts';

/** A check with what it came to. */
export type Finding = CheckResult & { readonly name: string };

const CHECK_LIMIT_MS = 15_000;

/** Makes all checks at once. One that cannot find out is `unknown`, and holds up no other. */
export const examine = async (
  checks: readonly DoctorCheck[],
  context: DoctorContext,
): Promise<Finding[]> =>
  Promise.all(
    checks.map(async ({ name, run }) => {
      const signal = AbortSignal.timeout(CHECK_LIMIT_MS);
      const [outcome] = await Promise.allSettled([run(context, signal)]);
      return outcome.status === 'fulfilled'
        ? { name, ...outcome.value }
        : { name, status: 'unknown', detail: whyUnknown(outcome.reason) };
    }),
  );

function whyUnknown(error: unknown): string {
  if (error instanceof CommandError) return plain(error.message).slice(0, 240);
  const issues = isFault(error) && 'issues' in error.context ? error.context.issues : undefined;
  return plain(issues?.join('; ') ?? reasonOf(error)).slice(0, 240);
}

const MARK: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok',
  warn: 'warn',
  bad: 'BAD',
  unknown: '?',
};

/** A line for each finding, what belongs to it and what to do about it indented below. */
export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings.flatMap(({ name, status, detail, items = [], fix }) => [
    `${MARK[status].padEnd(5)} ${name.padEnd(width)}  ${detail}`,
    ...items.map((item) => `${' '.repeat(width + 8)}${item}`),
    ...(fix === undefined ? [] : [`${' '.repeat(width + 8)}→ ${fix}`]),
  ]);
}
