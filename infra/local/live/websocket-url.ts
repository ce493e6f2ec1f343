/** Helius serves `transactionSubscribe` under a name of its own ("Enhanced WebSockets"). */
const HELIUS = { rpc: 'mainnet.helius-rpc.com', transactions: 'atlas-mainnet.helius-rpc.com' };

/**
 * The WebSocket address of an RPC endpoint: same host, path and key. Where the address names a port,
 * the next one, as `solana-validator` and web3.js have it.
 */
export function websocketUrl(rpcUrl: string, kind: 'logs' | 'transactions'): string {
  const url = new URL(rpcUrl);
  // A URL parsed as http cannot change to the not so special `wss`: hence the text.
  const scheme = url.protocol === 'https:' ? 'wss' : 'ws';
  const host =
    kind === 'transactions' && url.hostname === HELIUS.rpc ? HELIUS.transactions : url.hostname;
  const port = url.port === '' ? '' : `:${Number(url.port) + 1}`;
  return `${scheme}://${host}${port}${url.pathname}${url.search}`;
}
