import { describe, expect, it } from 'vitest';

import { runObserver } from '#cli/run-observer.ts';
import type { CloudEvent } from '#infra/local/cloud/cloud-event.ts';
import type { Verdict } from '#shared/domain/decision.ts';

const logged = (record: Record<string, unknown>): CloudEvent =>
  ({ type: 'log', function: 'Analyzer', line: '', record }) as unknown as CloudEvent;
const decided = (mint: string, look: number, verdict: Verdict, result = 'stored') =>
  logged({
    message: 'decision',
    mint,
    pool: `${mint}-pool`,
    look,
    result,
    verdict,
    score: 50,
    latencyMs: look * 1_000,
    queuedMs: 1,
  });

describe('what the log lines tell of a run', () => {
  it('takes a pool for decided when its looks have ended', () => {
    const observer = runObserver();
    observer.onEvent(decided('a', 1, 'WATCH'));
    observer.onEvent(decided('b', 1, 'BUY'));
    expect([...observer.decided.keys()]).toEqual(['b/b-pool']);
    expect([observer.watched(), observer.stored(), observer.approved()]).toEqual([1, 2, 1]);

    observer.onEvent(decided('a', 2, 'SKIP'));
    expect(observer.decided.get('a/a-pool')).toMatchObject({ look: 2, verdict: 'SKIP' });
    expect([observer.watched(), observer.stored()]).toEqual([0, 3]);
    // The second look waits on purpose: it says nothing of our speed.
    expect(observer.firstLatenciesMs).toEqual([1_000, 1_000]);
  });

  it('lets the last look count, in whichever order they are stored', () => {
    const observer = runObserver();
    observer.onEvent(decided('a', 2, 'WATCH'));
    observer.onEvent(decided('a', 1, 'EXPIRED'));
    expect(observer.decided.size).toBe(0);
    observer.onEvent(decided('a', 3, 'BUY'));
    expect(observer.decided.size).toBe(1);
  });

  it('counts a look that was stored twice, and none that was refused as a duplicate', () => {
    const observer = runObserver();
    observer.onEvent(decided('a', 1, 'SKIP'));
    observer.onEvent(decided('a', 1, 'BUY', 'duplicate'));
    expect([observer.duplicated(), observer.approved()]).toEqual([0, 0]);
    observer.onEvent(decided('a', 1, 'SKIP'));
    expect(observer.duplicated()).toBe(1);
  });
});
