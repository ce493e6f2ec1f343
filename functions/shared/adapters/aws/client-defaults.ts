/**
 * Settings of every AWS client: short time-outs with a few tries, so that a lost connection costs
 * milliseconds of the token's budget. The SDK keeps connections alive by itself.
 */
export const CLIENT_DEFAULTS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2_000 },
} as const;
