import {
  absent,
  failed,
  type Finding,
  known,
  type OffchainMetadata,
} from '../../domain/evidence.ts';
import { reasonOf } from '../../domain/fault.ts';
import { readOffchainMetadata } from '../../domain/offchain-metadata.ts';
import type { OffchainDocuments } from '../../ports/offchain-documents.ts';
import { type Connections, connections, exchange, readCapped } from './http-exchange.ts';
import { assertPublicUrl, publicLookup, type ResolveAll } from './public-address.ts';

export type OffchainDocumentsOptions = {
  /** Base URLs of the operator's choice, ending in a slash: these hosts are trusted. */
  readonly ipfsGateway: string;
  readonly arweaveGateway: string;
  /** For the whole reading, redirects included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Connects to foreign hosts; left out, it reaches public addresses only. */
  readonly foreign?: Connections;
};

const MAX_REDIRECTS = 3;

type Target = { readonly url: URL; readonly trusted: boolean };

/**
 * Reads metadata JSON from where the token's creator says it lies: hostile by default. Foreign
 * hosts are only reached at public addresses, checked on the address that the socket connects to
 * and anew at each redirect; size and time are capped; no credentials are ever sent.
 */
export function httpOffchainDocuments(options: OffchainDocumentsOptions): OffchainDocuments {
  const foreign = options.foreign ?? publicConnections();
  const gateway = connections(32);

  const read = async (
    target: Target,
    signal: AbortSignal,
    hops = 0,
  ): Promise<Finding<OffchainMetadata>> => {
    const { url, trusted } = target;
    if (!trusted) assertPublicUrl(url);
    const answer = await exchange(url, trusted ? gateway : foreign, {
      signal,
      headers: { accept: 'application/json', 'user-agent': 'volley' },
    });
    const { statusCode = 0, headers } = answer;
    const { location } = headers;
    if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
      answer.destroy();
      if (hops >= MAX_REDIRECTS) return failed(`more than ${MAX_REDIRECTS} redirects`);
      // Wherever it leads, it is a foreign host from here on.
      return read({ url: new URL(location, url), trusted: false }, signal, hops + 1);
    }
    if (statusCode === 404 || statusCode === 410) {
      answer.destroy();
      return absent(`HTTP ${statusCode}`);
    }
    if (statusCode !== 200) {
      answer.destroy();
      return failed(`HTTP ${statusCode}`);
    }
    const text = await readCapped(answer, options.maxBytes);
    return text === undefined ? failed(`more than ${options.maxBytes} bytes`) : parse(text);
  };

  return {
    async read(uri, signal) {
      const target = targetOf(uri, options);
      if (target === undefined) return uri === '' ? absent('no URI') : failed('not a URI we read');
      const within = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
      try {
        return await read(target, within);
      } catch (error) {
        return failed(describe(within.aborted ? within.reason : error));
      }
    },
  };
}

/** Connects to public addresses only, whatever a name resolves to. */
export const publicConnections = (resolve?: ResolveAll) => connections(4, publicLookup(resolve));

/** `ipfs://` and `ar://` go through the operator's gateways; http(s) goes where it says. */
function targetOf(uri: string, options: OffchainDocumentsOptions): Target | undefined {
  const path = /^(ipfs|ar):\/\/(?:ipfs\/)?([\w./?=&%-]{1,200})$/.exec(uri);
  if (path?.[2] !== undefined) {
    const base = path[1] === 'ipfs' ? options.ipfsGateway : options.arweaveGateway;
    const url = new URL(base + path[2]);
    // Dots, encoded ones as well, must not climb out of the gateway's folder.
    return url.href.startsWith(new URL(base).href) ? { url, trusted: true } : undefined;
  }
  if (!/^https?:\/\//i.test(uri) || !URL.canParse(uri)) return undefined;
  return { url: new URL(uri), trusted: false };
}

function parse(text: string): Finding<OffchainMetadata> {
  try {
    return known(readOffchainMetadata(JSON.parse(text)));
  } catch {
    return failed('not JSON');
  }
}

function describe(error: unknown): string {
  return error instanceof Error && error.name === 'TimeoutError' ? 'timed out' : reasonOf(error);
}
