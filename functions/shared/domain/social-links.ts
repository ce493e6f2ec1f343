/** Paths on X that are no profile. */
const NOT_A_HANDLE = new Set([
  'home',
  'search',
  'explore',
  'intent',
  'share',
  'hashtag',
  'login',
  'i',
  'settings',
]);

/**
 * The handle of an X profile. Null for anything but the profile's root: a link to a post or a
 * community may be anybody's, and creators borrow famous ones.
 */
export function xHandle(link: string | null): string | null {
  const path = pathOf(link, ['x.com', 'twitter.com', 'mobile.twitter.com']);
  if (path === undefined) {
    const bare = /^@?([A-Za-z0-9_]{1,15})$/.exec(link ?? '')?.[1];
    return bare === undefined ? null : bare.toLowerCase();
  }
  const handle = /^\/@?([A-Za-z0-9_]{1,15})\/?$/.exec(path)?.[1]?.toLowerCase();
  return handle === undefined || NOT_A_HANDLE.has(handle) ? null : handle;
}

/** The name of a public Telegram group or channel; null for anything else. */
export function telegramName(link: string | null): string | null {
  const path = pathOf(link, ['t.me', 'telegram.me']);
  const name = /^\/(\+[\w-]{8,32}|joinchat\/[\w-]{8,32}|[A-Za-z]\w{3,31})\/?$/.exec(
    path ?? '',
  )?.[1];
  return name?.toLowerCase() ?? null;
}

/** A website's URL without query and fragment; null for what is a social network or no http(s) URL. */
export function websiteUrl(link: string | null): string | null {
  if (link === null || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const host = url.hostname.replace(/^www\./, '');
  if (!host.includes('.') || SOCIAL_HOSTS.has(host)) return null;
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 300);
}

const SOCIAL_HOSTS = new Set([
  'x.com',
  'twitter.com',
  't.me',
  'telegram.me',
  'pump.fun',
  'discord.gg',
  'youtube.com',
  'tiktok.com',
  'instagram.com',
  'facebook.com',
  'reddit.com',
]);

function pathOf(link: string | null, hosts: readonly string[]): string | undefined {
  if (link === null) return undefined;
  const text = /^https?:\/\//i.test(link) ? link : `https://${link}`;
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname } = new URL(text);
  return hosts.includes(hostname.replace(/^www\./, '')) ? pathname : undefined;
}
