import { useState } from 'preact/hooks';

import type { CheckView, LookView } from '../protocol.ts';
import { durationText } from './format.ts';
import { type Span, timelineOf } from './timeline.ts';

/** The checks in time, what each learned, and which rules fell over it. */
export function Waterfall({ look }: { readonly look: LookView }) {
  const { endMs, waited, checks, deciding, ticks } = timelineOf(look);
  const refusing = look.checks.find(({ refusals }) => refusals.length > 0)?.id;
  const [open, setOpen] = useState<ReadonlySet<string>>(
    new Set(refusing === undefined ? [] : [refusing]),
  );
  const toggle = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <div class="waterfall">
      <div class="axis" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} class="num" style={{ '--at': tick / endMs }}>
            {tick === 0 ? '0' : durationText(tick)}
          </span>
        ))}
      </div>
      <Plain label="waited" span={waited} endMs={endMs} />
      {checks.map(({ check, ...span }) => (
        <Check
          key={check.id}
          check={check}
          span={span}
          endMs={endMs}
          open={open.has(check.id)}
          onToggle={() => toggle(check.id)}
        />
      ))}
      {deciding !== undefined && <Plain label="judged and stored" span={deciding} endMs={endMs} />}
      {look.endedEarly && <p class="note">The first refusal ended the checks that still ran.</p>}
    </div>
  );
}

function Plain({
  label,
  span,
  endMs,
}: {
  readonly label: string;
  readonly span: Span;
  readonly endMs: number;
}) {
  return (
    <div class="check plain">
      <span class="check-name">{label}</span>
      <Bar span={span} endMs={endMs} kind="plain" />
      <span class="num took">{durationText(span.toMs - span.fromMs)}</span>
    </div>
  );
}

type CheckProps = {
  readonly check: CheckView;
  readonly span: Span;
  readonly endMs: number;
  readonly open: boolean;
  readonly onToggle: () => void;
};

function Check({ check, span, endMs, open, onToggle }: CheckProps) {
  const { id, status, refusals, reason, facts, attempts } = check;
  const calls = `${attempts} ${attempts === 1 ? 'call' : 'calls'}`;
  return (
    <div class={`check-group ${refusals.length > 0 ? 'refusing' : ''}`}>
      <button
        type="button"
        class="check"
        aria-expanded={open}
        aria-controls={`facts-${id}`}
        onClick={onToggle}
      >
        <span class="check-name">
          {id} <span class={`state ${status}`}>{status}</span>
        </span>
        <Bar span={span} endMs={endMs} kind={status} />
        <span class="num took">{durationText(span.toMs - span.fromMs)}</span>
      </button>
      {refusals.length > 0 && (
        <p class="refusal">
          refused by <strong>{refusals.join(', ')}</strong>
        </p>
      )}
      {open && (
        <div id={`facts-${id}`} class="check-facts">
          <p class="note num">
            {durationText(span.fromMs)} to {durationText(span.toMs)}, {calls}
            {reason === '' ? '' : `; ${reason}`}
          </p>
          {facts.length > 0 && (
            <dl>
              {facts.map(({ label, value }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <bdi>{value}</bdi>
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      )}
    </div>
  );
}

function Bar({
  span,
  endMs,
  kind,
}: {
  readonly span: Span;
  readonly endMs: number;
  readonly kind: string;
}) {
  const style = { '--from': span.fromMs / endMs, '--long': (span.toMs - span.fromMs) / endMs };
  return (
    <span class="lane" aria-hidden="true">
      <span class={`span ${kind}`} style={style} />
    </span>
  );
}
