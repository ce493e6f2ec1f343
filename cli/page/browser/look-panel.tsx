import type { LookView } from '../protocol.ts';
import { percentText } from './format.ts';
import { Waterfall } from './waterfall.tsx';

/** Why one look came out as it did: checks in time, rules, factors, plan, what would have changed it. */
export function LookPanel({ look }: { readonly look: LookView }) {
  const { checks, rules, factors, plan, changes } = look;
  return (
    <div class="panels">
      {checks.length > 0 && (
        <section class="panel wide" aria-labelledby="checks-title">
          <h2 id="checks-title">Checks</h2>
          <Waterfall look={look} />
        </section>
      )}
      {rules.length > 0 && <Rules look={look} />}
      {factors.length > 0 && <Factors look={look} />}
      {plan.length > 0 && <Sentences title="Plan" sentences={plan} />}
      {changes.length > 0 && <Sentences title="What would have changed it" sentences={changes} />}
    </div>
  );
}

function Rules({ look }: { readonly look: LookView }) {
  const told = look.rules.filter(({ status }) => status !== 'passed');
  const passed = look.rules.filter(({ status }) => status === 'passed');
  return (
    <section class="panel" aria-labelledby="rules-title">
      <h2 id="rules-title">Rules</h2>
      <ul class="rules">
        {told.map(({ rule, status, refuses, reason }) => (
          <li key={rule} class={refuses ? 'bad' : 'unsure'}>
            <strong>{rule}</strong>
            <span>
              {status === 'unknown' ? 'not known: ' : ''}
              {reason}
              {refuses && <b class="flag bad">refuses</b>}
            </span>
          </li>
        ))}
        {passed.length > 0 && (
          <li class="good">
            <strong>{passed.length} passed</strong>
            <span>{passed.map(({ rule }) => rule).join(', ')}</span>
          </li>
        )}
      </ul>
    </section>
  );
}

function Factors({ look }: { readonly look: LookView }) {
  return (
    <section class="panel" aria-labelledby="factors-title">
      <h2 id="factors-title">
        Factors{' '}
        <span class="num figure">
          {look.score.toFixed(1)} of 100, {percentText(look.coverage)} known
        </span>
      </h2>
      <ul class="factors">
        {look.factors.map(({ factor, quality, points, most, value }) => (
          <li key={factor} class={quality === null ? 'unknown' : ''}>
            <span class="factor">{factor}</span>
            <span class="value">{value}</span>
            <span class="num points">
              {quality === null ? 'unknown' : `${points.toFixed(1)} of ${most.toFixed(1)}`}
            </span>
            <span class="track" style={{ '--most': most / 100 }} aria-hidden="true">
              <span class="fill" style={{ '--part': quality ?? 0 }} />
            </span>
          </li>
        ))}
      </ul>
      {look.scoreSentence !== '' && <p class="note">{look.scoreSentence}</p>}
    </section>
  );
}

function Sentences({ title, sentences }: { readonly title: string; readonly sentences: string[] }) {
  return (
    <section class="panel">
      <h2>{title}</h2>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  );
}
