import { countText, percentText } from './format.ts';
import type { Share } from './pipeline-figures.ts';

type ShareBarsProps = {
  readonly title: string;
  readonly shares: readonly Share[];
  /** Said when there is nothing. */
  readonly empty: string;
  readonly most?: number;
};

/** Counts by name as bars, each also a number. */
export function ShareBars({ title, shares, empty, most = 12 }: ShareBarsProps) {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  const shown = shares.filter(({ count }) => count > 0).slice(0, most);
  return (
    <section class="panel">
      <h2>{title}</h2>
      {shown.length === 0 ? (
        <p class="note">{empty}</p>
      ) : (
        <ul class="shares">
          {shown.map(({ name, count }) => (
            <li key={name}>
              <span>{name}</span>
              <span class="num">{countText(count)}</span>
              <span class="num quiet">{percentText(count / total)}</span>
              <span class="track" style={{ '--most': 1 }} aria-hidden="true">
                <span class="fill" style={{ '--part': count / total }} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
