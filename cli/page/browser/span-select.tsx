import { SPANS } from './spans.ts';

type SpanSelectProps = { readonly spanMs: number; readonly onSpan: (ms: number) => void };

export function SpanSelect({ spanMs, onSpan }: SpanSelectProps) {
  return (
    <select
      aria-label="Time"
      value={spanMs}
      onChange={(event) => onSpan(Number(event.currentTarget.value))}
    >
      {SPANS.map(({ label, ms }) => (
        <option key={ms} value={ms}>
          last {label}
        </option>
      ))}
    </select>
  );
}
