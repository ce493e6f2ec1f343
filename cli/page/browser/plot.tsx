import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

import { useMedia } from './hooks.ts';

/** One line of a plot; `tint` is a custom property of the style sheet. */
export type Line = {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly tint: `--${string}`;
  readonly dash?: readonly number[];
  readonly filled?: boolean;
  /** Holds its value until the next point. */
  readonly stepped?: boolean;
};

type PlotProps = {
  /** What is seen, in words: the plot itself is a picture. */
  readonly label: string;
  /** Unix milliseconds. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly unit: (value: number) => string;
};

const HEIGHT_PX = 160;

export function Plot({ label, times, lines, unit }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const dark = useMedia('(prefers-color-scheme: dark)');
  const data: uPlot.AlignedData = [
    times.map((time) => time / 1_000),
    ...lines.map(({ values }) => [...values]),
  ];
  const shape = lines.map(({ label }) => label).join();

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = new uPlot(optionsOf(element, lines, unit), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
    // Colours are read when it is made: the other colour scheme needs another plot.
  }, [dark, shape]);
  useEffect(() => plot.current?.setData(data), [times, lines]);

  return <div ref={box} class="plot" role="img" aria-label={label} />;
}

function optionsOf(
  element: HTMLElement,
  lines: readonly Line[],
  unit: (value: number) => string,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, least, most) => padded(least, most) } },
    axes: [
      { ...axis, size: 26, values: (_plot, splits) => splits.map(clockText(splits)) },
      { ...axis, size: 56, values: (_plot, splits) => splits.map(unit) },
    ],
    series: [
      { label: 'UTC', value: (_plot, seconds) => (seconds == null ? '' : isoTime(seconds)) },
      ...lines.map((line): uPlot.Series => {
        const stroke = colour(line.tint);
        return {
          label: line.label,
          stroke,
          width: 1.5,
          ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
          ...(line.filled === true ? { fill: `${stroke}22` } : {}),
          ...(line.stepped === true && uPlot.paths.stepped !== undefined
            ? { paths: uPlot.paths.stepped({ align: 1 }) }
            : {}),
          points: { size: 4 },
          value: (_plot, value) => (value == null ? '' : unit(value)),
        };
      }),
    ],
  };
}

/** From zero, or from below it where there are losses; never flat. */
function padded(least: number | null, most: number | null): [number, number] {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(0, most ?? 0);
  const room = (high - low || 1) * 0.08;
  return [low < 0 ? low - room : 0, high + room];
}

const isoTime = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().slice(5, 19).replace('T', ' ');

/** As much of the time as the distance of the marks asks for. */
const clockText =
  (splits: readonly number[]) =>
  (seconds: number): string => {
    const iso = new Date(seconds * 1_000).toISOString();
    const step = (splits[1] ?? 0) - (splits[0] ?? 0);
    if (step >= 86_400) return iso.slice(5, 10);
    return step < 60 ? iso.slice(11, 19) : iso.slice(11, 16);
  };
