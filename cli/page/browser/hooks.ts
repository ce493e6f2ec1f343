import { useEffect, useState } from 'preact/hooks';
import type * as z from 'zod/mini';

import { getJson, sentenceOf } from './api.ts';
import type { DecisionStore, FeedState } from './decision-store.ts';
import { type Route, routeOf } from './route.ts';

/** The route of the address bar. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = () => setHash(location.hash);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return routeOf(hash);
}

export function useFeed(store: DecisionStore): FeedState {
  const [state, setState] = useState(store.state);
  useEffect(() => store.subscribe(() => setState(store.state)), [store]);
  return state;
}

/** Now, in Unix milliseconds, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setMatches(list.matches);
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  }, [query]);
  return matches;
}

/** What the server last answered; the old answer stays while a new one is on its way. */
export type Answer<Body> = {
  readonly body: Body | undefined;
  readonly problem: string | undefined;
};

/** Asks the server, and again every `everyMs` and whenever `again` changes, while the page is seen. */
export function useAnswer<Schema extends z.ZodMiniType>(
  path: string,
  schema: Schema,
  { everyMs, again }: { readonly everyMs?: number; readonly again?: unknown } = {},
): Answer<z.output<Schema>> {
  const [answer, setAnswer] = useState<Answer<z.output<Schema>> & { readonly path: string }>();
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      if (document.visibilityState === 'hidden' && answer !== undefined) return;
      try {
        setAnswer({ path, body: await getJson(path, schema, leaving.signal), problem: undefined });
      } catch (error) {
        if (leaving.signal.aborted) return;
        setAnswer((old) => ({
          path,
          body: old?.path === path ? old.body : undefined,
          problem: sentenceOf(error),
        }));
      }
    };
    void ask();
    const timer = everyMs === undefined ? undefined : setInterval(() => void ask(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [path, schema, everyMs, again]);
  return answer?.path === path ? answer : { body: undefined, problem: undefined };
}
