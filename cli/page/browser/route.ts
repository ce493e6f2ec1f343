/** What the address bar's `#…` asks for. */
export type Route =
  | { readonly view: 'feed' }
  | { readonly view: 'token'; readonly mint: string }
  | { readonly view: 'pipeline' }
  | { readonly view: 'trades' };

const MINT = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/** Understands a hash; whatever it does not know is the feed. */
export function routeOf(hash: string): Route {
  const [view, mint = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'token' && MINT.test(mint)) return { view, mint };
  if (view === 'pipeline' || view === 'trades') return { view };
  return { view: 'feed' };
}

export const hashOf = (route: Route): string =>
  route.view === 'token' ? `#/token/${route.mint}` : `#/${route.view}`;
