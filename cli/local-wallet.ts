import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';

import type { LocalStack } from '#infra/local/local-stack.ts';
import { kmsSigner } from '#shared/adapters/aws/kms-signer.ts';
import type { Address } from '#shared/domain/address.ts';

/** What the wallet of a local run starts with: 100 SOL of the embedded chain's own. */
const AIRDROP_LAMPORTS = 100_000_000_000;
const LIMIT_MS = 5_000;

/** The wallet of a local run: its key in the local KMS, its money on the embedded chain. */
export type LocalWallet = {
  readonly address: Address;
  readonly lamports: () => Promise<bigint>;
};

/** Finds the wallet's address and gives it money to trade with. */
export async function fundedWallet({ cloud, market, output }: LocalStack): Promise<LocalWallet> {
  const { environment } = cloud;
  const kms = new KMSClient({
    region: environment['AWS_REGION'] ?? 'us-east-1',
    endpoint: cloud.endpoints.aws,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { address } = await kmsSigner(kms, output('WalletKey'), AbortSignal.timeout(LIMIT_MS));
  kms.destroy();
  const call = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(`${market.url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return z.object({ result: z.unknown() }).parse(await response.json()).result;
  };
  await call('requestAirdrop', [address, AIRDROP_LAMPORTS]);
  return {
    address,
    lamports: async () => {
      const result = await call('getBalance', [address, { commitment: 'confirmed' }]);
      return BigInt(z.object({ value: z.number() }).parse(result).value);
    },
  };
}
