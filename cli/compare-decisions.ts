import * as z from 'zod';

import { type Decision, decisionSchema } from '#shared/domain/decision.ts';
import { CHECK_IDS } from '#shared/domain/evidence.ts';

/** One difference between a stored decision and one made now. */
export type Difference = { readonly what: string; readonly was: string; readonly is: string };

/** What changed since a stored look: verdict, score, rules, and every fact known then or now. Pure. */
export function compareDecisions(stored: Decision, now: Decision): Difference[] {
  return [
    ...difference('verdict', stored.verdict, now.verdict),
    ...difference('score', stored.score, now.score),
    ...difference('coverage', stored.coverage, now.coverage),
    ...difference('strategy', stored.strategyVersion, now.strategyVersion),
    ...ruleDifferences(stored, now),
    ...factDifferences(stored, now),
  ];
}

const difference = (what: string, was: unknown, is: unknown): Difference[] =>
  worded(was) === worded(is) ? [] : [{ what, was: worded(was), is: worded(is) }];

function ruleDifferences(stored: Decision, now: Decision): Difference[] {
  const before = new Map(stored.rules.map((answer) => [answer.rule, answer.status]));
  return now.rules.flatMap(({ rule, status }) => {
    const was = before.get(rule);
    return was === undefined || was === status ? [] : [{ what: `rule ${rule}`, was, is: status }];
  });
}

function factDifferences(stored: Decision, now: Decision): Difference[] {
  const before = findingsOf(stored);
  const after = findingsOf(now);
  return CHECK_IDS.flatMap((id) => {
    const [was, is] = [before[id], after[id]];
    if (was === undefined || is === undefined) return [];
    const leaves = new Map(leavesOf(id, is));
    const earlier = new Map(leavesOf(id, was));
    return [...new Set([...earlier.keys(), ...leaves.keys()])].flatMap((what) => {
      const [old, current] = [earlier.get(what) ?? 'not known', leaves.get(what) ?? 'not known'];
      return old === current ? [] : [{ what, was: old, is: current }];
    });
  });
}

const findingSchema = z.looseObject({ status: z.string() });

/** The findings in their JSON form, so that amounts compare as digits. */
function findingsOf(decision: Decision): Partial<Record<string, z.infer<typeof findingSchema>>> {
  if (decision.evidence === null) return {};
  const { evidence } = z.encode(decisionSchema, decision);
  return Object.fromEntries(
    Object.entries(evidence?.checks ?? {}).map(([id, { finding }]) => [
      id,
      findingSchema.parse(finding),
    ]),
  );
}

/** Every single value below a member, by its path; a list is one value. */
function leavesOf(path: string, value: unknown): [string, string][] {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success || Array.isArray(value)) return [[path, worded(value)]];
  return Object.entries(parsed.data).flatMap(([name, inner]) =>
    leavesOf(name === 'facts' ? path : `${path}.${name}`, inner),
  );
}

const worded = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value);
