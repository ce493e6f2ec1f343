import type { TokenCaps } from '#shared/ports/token-caps.ts';

/** A single fuse of `limit` tokens; `unread` plays a counter that cannot be read. */
export function memoryTokenCaps(limit = Infinity, unread: string | null = null): TokenCaps {
  let taken = 0;
  return {
    async take(wanted) {
      if (unread !== null) return { granted: wanted, unread };
      const granted = Math.min(wanted, Math.max(0, limit - taken));
      taken += wanted;
      return { granted, unread: null };
    },
  };
}
