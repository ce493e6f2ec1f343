import type * as z from 'zod';

import type { Finding, xAccountSchema } from '../domain/evidence.ts';

export type XAccount = z.infer<typeof xAccountSchema>;

export type XAccounts = {
  /** `absent`: no such account, or it is suspended. @throws {Fault} */
  readonly find: (handle: string, signal: AbortSignal) => Promise<Finding<XAccount>>;
};
