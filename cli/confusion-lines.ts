import type { ArchetypeCount } from './run-summary.ts';
import { type Column, tableLines } from './terminal.ts';

const COLUMNS: readonly Column[] = [
  { header: 'archetype', atLeast: 9 },
  { header: 'truth' },
  { header: 'opened', align: 'right' },
  { header: 'approved', align: 'right' },
  { header: 'bought', align: 'right' },
  { header: 'wrong', optional: true },
];

/** What was made of each archetype of the market: sound ones first, what went wrong above the rest. */
export function confusionLines(
  archetypes: Readonly<Record<string, ArchetypeCount>>,
  width?: number,
): string[] {
  const rows = Object.entries(archetypes).sort(
    ([nameA, a], [nameB, b]) =>
      Number(a.trap) - Number(b.trap) ||
      wrongOf(b) - wrongOf(a) ||
      b.opened - a.opened ||
      (nameA < nameB ? -1 : 1),
  );
  const totals = [false, true].flatMap((trap) => {
    const counts = rows.flatMap(([, count]) => (count.trap === trap ? [count] : []));
    return counts.length === 0 ? [] : [cells('in all', sumOf(counts, trap))];
  });
  return tableLines(
    COLUMNS,
    [...rows.map(([name, count]) => cells(name, count)), ...totals],
    width,
  );
}

/** Traps approved, or sound ones refused. */
const wrongOf = ({ trap, opened, approved }: ArchetypeCount): number =>
  trap ? approved : opened - approved;

const sumOf = (counts: readonly ArchetypeCount[], trap: boolean): ArchetypeCount =>
  counts.reduce<ArchetypeCount>(
    (sum, { opened, approved, bought }) => ({
      trap,
      opened: sum.opened + opened,
      approved: sum.approved + approved,
      bought: sum.bought + bought,
    }),
    { trap, opened: 0, approved: 0, bought: 0 },
  );

function cells(name: string, count: ArchetypeCount): string[] {
  const { trap, opened, approved, bought } = count;
  return [name, trap ? 'trap' : 'sound', ...[opened, approved, bought].map(String), inWords(count)];
}

/** Limits on money and passing quotes keep approved tokens from being bought: no wrong judgement. */
function inWords(count: ArchetypeCount): string {
  const wrong = wrongOf(count);
  const left = count.approved - count.bought;
  return [
    ...(wrong === 0 ? [] : [count.trap ? `${wrong} approved` : `${wrong} missed`]),
    ...(left > 0 ? [`(${left} not bought)`] : []),
  ].join(' ');
}
