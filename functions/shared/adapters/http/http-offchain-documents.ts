import { Agent, type Dispatcher, request } from 'undici';

import {
  absent,
  failed,
  type Finding,
  known,
  type OffchainMetadata,
} from '../../domain/evidence.ts';
import { isFault, reasonOf } from '../../domain/fault.ts';
import { readOffchainMetadata } from '../../domain/offchain-metadata.ts';
import type { OffchainDocuments } from '../../ports/offchain-documents.ts';
import { assertPublicUrl, publicLookup, type ResolveAll } from './public-address.ts';
import { untilAborted } from './until-aborted.ts';

export type OffchainDocumentsOptions = {
  /** Base URLs of the operator's choice, ending in a slash: these hosts are trusted. */
  readonly ipfsGateway: string;
  readonly arweaveGateway: string;
  /** For the whole reading, redirects included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Connects to foreign hosts; left out, it reaches public addresses only. */
  readonly foreign?: Dispatcher;
};

const MAX_REDIRECTS = 3;

type Target = { readonly url: URL; readonly trusted: boolean };

/**
 * Reads metadata JSON from where the token's creator says it lies: hostile by default. Foreign
 * hosts are only reached at public addresses, checked on the address that the socket connects to
 * and anew at each redirect; size and time are capped; no credentials are ever sent.
 */
export function httpOffchainDocuments(options: OffchainDocumentsOptions): OffchainDocuments {
  const foreign = options.foreign ?? publicAgent();
  const gateway = new Agent({ connections: 32, connect: { timeout: 1_000 } });

  const read = async (
    target: Target,
    signal: AbortSignal,
    hops = 0,
  ): Promise<Finding<OffchainMetadata>> => {
    const { url, trusted } = target;
    if (!trusted) assertPublicUrl(url);
    const asking = request(url, {
      dispatcher: trusted ? gateway : foreign,
      signal,
      headers: { accept: 'application/json', 'user-agent': 'volley' },
    });
    const response = await untilAborted(asking, signal);
    const { statusCode, headers, body } = response;
    const location = headers['location'];
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
      discard(body);
      if (hops >= MAX_REDIRECTS) return failed(`more than ${MAX_REDIRECTS} redirects`);
      // Wherever it leads, it is a foreign host from here on.
      return read({ url: new URL(location, url), trusted: false }, signal, hops + 1);
    }
    if (statusCode === 404 || statusCode === 410) {
      discard(body);
      return absent(`HTTP ${statusCode}`);
    }
    if (statusCode !== 200) {
      discard(body);
      return failed(`HTTP ${statusCode}`);
    }
    const text = await readCapped(body, options.maxBytes);
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
        return failed(describe(error));
      }
    },
  };
}

/** Connects to public addresses only, whatever a name resolves to. */
export const publicAgent = (resolve?: ResolveAll): Agent =>
  new Agent({
    connections: 4,
    connect: { lookup: publicLookup(resolve), timeout: 1_000 },
    maxHeaderSize: 16_384,
  });

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

async function readCapped(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > maxBytes) {
      discard(body);
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Ends the connection: an endless body must not be read to its end. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}

function parse(text: string): Finding<OffchainMetadata> {
  try {
    return known(readOffchainMetadata(JSON.parse(text)));
  } catch {
    return failed('not JSON');
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error && isFault(error.cause) ? error.cause : error;
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) {
    return 'timed out';
  }
  return reasonOf(cause);
}
