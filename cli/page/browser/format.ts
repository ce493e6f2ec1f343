const UTC_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `12:00:07`, UTC. */
export const timeText = (ms: number): string => UTC_TIME.format(ms);

/** `2026-11-20 12:00:07`, UTC. */
export const dateTimeText = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** `840 ms`, `1.24 s`, `3.5 min`: three figures are enough to compare. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

export const countText = (count: number): string => count.toLocaleString('en-US');

export const percentText = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `0.1021`, without sign. */
export const solText = (sol: number): string => sol.toFixed(4);

/** `+0.0120` or `−0.1021`: a gain or a loss is never told by colour alone. */
export const signedSolText = (sol: number): string =>
  `${sol < 0 ? '−' : '+'}${Math.abs(sol).toFixed(4)}`;

/** `So1111…1112` */
export const shortAddress = (address: string): string =>
  address.length <= 11 ? address : `${address.slice(0, 4)}…${address.slice(-4)}`;
