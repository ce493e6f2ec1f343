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
  'messages',
  'notifications',
  'compose',
  'tos',
  'privacy',
]);
/** What people write into a field that they leave empty. */
const NO_HANDLE = new Set(['none', 'null', 'undefined', 'na', 'tba', 'tbd', 'soon']);
/** Paths of Telegram that are no group, channel or person. */
const NOT_A_CHAT = new Set([
  'share',
  'joinchat',
  'addstickers',
  'addemoji',
  'addlist',
  'addtheme',
  'proxy',
  'socks',
  'login',
  'setlanguage',
  'confirmphone',
]);

/**
 * The handle of an X profile. Null for anything but the profile's root: a link to a post or a
 * community may be anybody's, and creators borrow famous ones.
 */
export function xHandle(link: string | null): string | null {
  const path = pathOf(link, ['x.com', 'mobile.x.com', 'twitter.com', 'mobile.twitter.com']);
  const bare = path === undefined;
  const found = bare
    ? /^@?([A-Za-z0-9_]{1,15})$/.exec(link ?? '')
    : /^\/@?([A-Za-z0-9_]{1,15})\/?$/.exec(path);
  const handle = found?.[1]?.toLowerCase();
  if (handle === undefined || NOT_A_HANDLE.has(handle)) return null;
  return bare && NO_HANDLE.has(handle) ? null : handle;
}

/** The name of a Telegram group or channel, or its invitation; null for anything else. */
export function telegramName(link: string | null): string | null {
  const path = pathOf(link, ['t.me', 'telegram.me']);
  // The code of an invitation is case-sensitive, a name is not.
  const invitation = /^\/(\+[\w-]{8,32}|joinchat\/[\w-]{8,32})\/?$/.exec(path ?? '')?.[1];
  if (invitation !== undefined) return invitation;
  const name = /^\/([A-Za-z]\w{3,31})\/?$/.exec(path ?? '')?.[1]?.toLowerCase();
  return name === undefined || NOT_A_CHAT.has(name) ? null : name;
}

/** A website's URL without query and fragment; null for what is a social network or no http(s) URL. */
export function websiteUrl(link: string | null): string | null {
  if (link === null || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const host = url.hostname.replace(/^www\./, '');
  if (!/\.[a-z][a-z0-9-]*$/.test(host) || isSocial(host)) return null;
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 300);
}

const SOCIAL_HOSTS = new Set([
  'x.com',
  'twitter.com',
  't.me',
  'telegram.me',
  'pump.fun',
  'discord.gg',
  'discord.com',
  'youtube.com',
  'tiktok.com',
  'instagram.com',
  'facebook.com',
  'reddit.com',
]);

/** A social network, or a part of one: `m.youtube.com`. */
const isSocial = (host: string): boolean =>
  SOCIAL_HOSTS.has(host) || SOCIAL_HOSTS.has(host.slice(host.indexOf('.') + 1));

function pathOf(link: string | null, hosts: readonly string[]): string | undefined {
  if (link === null) return undefined;
  const text = /^https?:\/\//i.test(link) ? link : `https://${link}`;
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname } = new URL(text);
  return hosts.includes(hostname.replace(/^www\./, '')) ? pathname : undefined;
}
