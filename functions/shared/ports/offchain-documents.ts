import type { Finding, OffchainMetadata } from '../domain/evidence.ts';

export type OffchainDocuments = {
  /**
   * The metadata JSON at a URI that the token's creator chose. `absent`: no URI, or nothing there;
   * `failed`: forbidden address, too large, too slow, not JSON.
   */
  readonly read: (uri: string, signal: AbortSignal) => Promise<Finding<OffchainMetadata>>;
};
