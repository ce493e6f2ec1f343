import type { Chain } from '../chain/chain.ts';
import type { FaultDesk } from '../http/fault-desk.ts';
import type { Endpoint, MarketRequest } from '../http/market-server.ts';
import { jsonText } from '../http/reply.ts';
import type { TokenBook } from '../openings/market-token.ts';
import { answerRpcRequest, failRpcRequest, parseRpcRequest } from './json-rpc.ts';
import type { RpcContext } from './rpc-context.ts';
import { RpcError } from './rpc-error.ts';

/** Requests are parsed once although route, answer and limit each need to look inside. */
function parsedOnce() {
  const parsed = new WeakMap<MarketRequest, ReturnType<typeof parseRpcRequest>>();
  return (request: MarketRequest) => {
    let calls = parsed.get(request);
    if (calls === undefined) {
      calls = parseRpcRequest(request.body);
      parsed.set(request, calls);
    }
    return calls;
  };
}

/** The chain's JSON-RPC, as a node serves it. */
export function rpcEndpoint(parts: {
  readonly chain: Chain;
  readonly book: TokenBook;
  readonly genesisHash: string;
  readonly faults: FaultDesk;
}): Endpoint {
  const { chain, book, genesisHash, faults } = parts;
  const parse = parsedOnce();
  const context: RpcContext = {
    chain,
    genesisHash,
    isIndexed: (mint) => {
      const token = book.get(mint);
      if (token === undefined) return true;
      const { opened, recipe } = token;
      const lagMs = Math.max(recipe.indexDelays.largestAccounts, faults.staleMs('rpc'));
      return opened !== undefined && chain.clock.nowMs() - opened.atMs >= lagMs;
    },
  };
  return {
    upstream: 'rpc',
    routeOf: (request) => {
      const { calls, batch } = parse(request);
      const [first] = calls;
      if (batch) return 'batch';
      return first?.kind === 'call' ? first.method : 'invalid';
    },
    answer: (request) => jsonText(answerRpcRequest(context, parse(request))),
    limited: (request) => {
      const error = new RpcError(429, 'Too many requests for a specific RPC call');
      return jsonText(failRpcRequest(parse(request), error), 429);
    },
  };
}
