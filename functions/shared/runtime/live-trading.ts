import { KMSClient } from '@aws-sdk/client-kms';

import type { TradingConfig } from '#config/trading-config.ts';
import { CLIENT_DEFAULTS } from '../adapters/aws/client-defaults.ts';
import { kmsSigner } from '../adapters/aws/kms-signer.ts';
import { type JsonClient, jsonClient } from '../adapters/http/json-client.ts';
import { jupiterOrderExecutor } from '../adapters/http/jupiter-order-executor.ts';
import { rpcClient } from '../adapters/solana/rpc-client.ts';
import { rpcSwapChain } from '../adapters/solana/rpc-swap-chain.ts';
import {
  associatedTokenAccount,
  jupiterTokenAccount,
} from '../adapters/solana/wallet-token-accounts.ts';
import { fillPlaceholders } from '../domain/fill-placeholders.ts';
import { TOKEN_PROGRAM } from '../domain/token-mint.ts';
import { lamportsOfSol } from '../domain/units.ts';
import type { Signer } from '../ports/signer.ts';
import type { PrepareDeps } from '../swap/prepare-swap.ts';
import type { SettleDeps } from '../swap/settle-attempt.ts';

export type LiveTradingOptions = {
  readonly config: Pick<TradingConfig, 'execution' | 'upstreams'>;
  /** Keys of the upstreams, by the names that the configuration has for them. */
  readonly keys: Readonly<Record<string, string>>;
  readonly jupiter: JsonClient;
  readonly walletKeyId: string;
};

/** What buys and sells on the chain share: the nodes, the wallet, and what it may sign. */
export function liveTrading({
  config: { execution, upstreams },
  keys,
  jupiter,
  walletKeyId,
}: LiveTradingOptions): Pick<
  PrepareDeps & SettleDeps,
  'chain' | 'signer' | 'accounts' | 'maxPriorityLamports' | 'executor'
> {
  const { rpc } = upstreams;
  const nodes = rpc.urls.map((url, index) =>
    rpcClient({
      clients: [
        jsonClient({
          upstream: `rpc${index + 1}`,
          url: fillPlaceholders(url, keys),
          timeoutMs: rpc.timeout_ms,
        }),
      ],
    }),
  );
  let signer: Promise<Signer> | undefined;
  return {
    chain: rpcSwapChain(nodes),
    // Only when something live is to be done: a paper stage never touches the key.
    signer: async () => {
      const made = (signer ??= kmsSigner(
        new KMSClient(CLIENT_DEFAULTS),
        walletKeyId,
        AbortSignal.timeout(5_000),
      ));
      try {
        return await made;
      } catch (error) {
        signer = undefined;
        throw error;
      }
    },
    accounts: (wallet, mint, tokenProgram = TOKEN_PROGRAM) => [
      associatedTokenAccount(wallet, mint, tokenProgram),
      jupiterTokenAccount(wallet, mint),
    ],
    maxPriorityLamports: lamportsOfSol(execution.max_priority_fee_sol),
    executor: jupiterOrderExecutor(jupiter),
  };
}
