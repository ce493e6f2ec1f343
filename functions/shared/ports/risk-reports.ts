import type * as z from 'zod';

import type { Address } from '../domain/address.ts';
import type { Finding, rugcheckSchema } from '../domain/evidence.ts';

/** A third party's report on the risks of a token. */
export type RiskReport = {
  readonly risk: z.infer<typeof rugcheckSchema>;
  /** Largest holders as the report lists them, pools included; amounts in base units. */
  readonly holders: readonly { readonly owner: string; readonly amount: bigint }[];
};

export type RiskReports = {
  /** `absent`: no report yet (a very new mint). @throws {Fault} */
  readonly find: (mint: Address, signal: AbortSignal) => Promise<Finding<RiskReport>>;
};
