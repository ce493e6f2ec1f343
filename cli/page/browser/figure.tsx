import type { ComponentChildren } from 'preact';

type FigureProps = {
  readonly label: string;
  readonly children: ComponentChildren;
  readonly note?: string | undefined;
  readonly tone?: 'bad' | 'gain' | 'loss' | undefined;
};

/** One number with its name. */
export function Figure({ label, children, note, tone }: FigureProps) {
  return (
    <div class={`tile ${tone ?? ''}`}>
      <dt>{label}</dt>
      <dd>
        <span class="num">{children}</span>
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}
