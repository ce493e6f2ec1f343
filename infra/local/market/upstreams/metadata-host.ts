import { setTimeout as pause } from 'node:timers/promises';

import { type Reply, json } from '../http/reply.ts';
import type { HostedMetadata } from '../tokens/token-recipe.ts';
import type { UpstreamContext } from './upstream-context.ts';

/** What a gateway of IPFS or Arweave answers for the document at the end of the path. */
export async function metadataDocument({ book }: UpstreamContext, path: string): Promise<Reply> {
  const hosted = book.ofDocument(path.slice(1))?.recipe.hosted;
  return hosted === undefined ? notFound : documentOf(hosted);
}

const notFound: Reply = {
  status: 404,
  body: 'ipfs resolve -r: no link by that name',
  headers: { 'content-type': 'text/plain; charset=utf-8' },
};

async function documentOf(hosted: HostedMetadata): Promise<Reply> {
  switch (hosted.kind) {
    case 'json':
      if (hosted.delayMs > 0) await pause(hosted.delayMs, undefined, { ref: false });
      return json(hosted.value);
    case 'text':
      return { status: 200, body: hosted.body, headers: { 'content-type': hosted.contentType } };
    case 'huge':
      return json({ name: 'Moon', symbol: 'MOON', description: 'x'.repeat(hosted.bytes) });
    case 'deep':
      return {
        status: 200,
        body: `{"name":"Moon","extensions":${'['.repeat(hosted.levels)}${']'.repeat(hosted.levels)}}`,
      };
    case 'redirect':
      return { status: 302, body: '', headers: { location: hosted.to } };
    case 'missing':
      return notFound;
  }
}
