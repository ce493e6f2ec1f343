import type { RuleAnswer } from '#shared/domain/decision.ts';
import { refuses } from '#functions/analyzer/synthesis/synthesize.ts';
import { plain, tableLines } from '../terminal.ts';
import type { Paint } from './paint.ts';

const COST = {
  refuse: 'refuses the token',
  lower: 'takes 0.1 off the coverage',
  ignore: 'costs nothing',
};

/** Failed rules first, then unknown ones with what they cost, the passed ones in one line. */
export function ruleLines(rules: readonly RuleAnswer[], width: number, paint: Paint): string[] {
  const rest = rules.filter(({ status }) => status !== 'passed');
  const ordered = [
    ...rest.filter(({ status }) => status === 'failed'),
    ...rest.filter((each) => each.status === 'unknown' && refuses(each)),
    ...rest.filter((each) => each.status === 'unknown' && !refuses(each)),
  ];
  const lines = tableLines(
    [{ header: '' }, { header: '' }, { header: '', atLeast: 20 }],
    ordered.map(({ rule, status, reason, cost }) =>
      status === 'failed'
        ? ['✗', rule, reason]
        : ['?', rule, `${reason}: ${COST[cost ?? 'ignore']}`],
    ),
    width,
  ).slice(1);
  const passed = rules.filter(({ status }) => status === 'passed').map(({ rule }) => plain(rule));
  return [
    ...ordered.map((each, at) => (refuses(each) ? paint.bad : paint.unsure)(lines[at] ?? '')),
    ...(passed.length === 0 ? [] : [paint.good(passedLine(passed, width))]),
  ];
}

/** As many names as one line has room for. */
function passedLine(names: readonly string[], width: number): string {
  for (let named = names.length; ; named -= 1) {
    const left = names.length - named;
    const more = left === 0 ? '' : named === 0 ? '' : ` and ${left} more`;
    const list = named === 0 ? '' : `: ${names.slice(0, named).join(', ')}`;
    const line = `✓  ${names.length} passed${list}${more}`;
    if (named === 0 || line.length <= width) return line;
  }
}
