import type { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';

import type { TradingConfig } from '#config/trading-config.ts';
import { kmsSigner } from '#shared/adapters/aws/kms-signer.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterQuoteApi } from '#shared/adapters/http/jupiter-quote-api.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { address } from '#shared/domain/address.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { lamportsOfSol, solOfLamports } from '#shared/domain/units.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';

/** One thing that has to be so before real money is traded. */
export type PreflightFinding = { readonly ok: boolean; readonly says: string };

/** Fees, priority and rent of accounts that a wallet needs beside its first stake. */
const SPARE_LAMPORTS = 20_000_000n;
const LIMIT_MS = 10_000;
const USDC = address('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v');

/** Looks at all that a live trade will need, without trading. Every finding is told, not the first. */
export async function preflight(
  { upstreams, plan, limits }: TradingConfig,
  keys: Readonly<Record<string, string>>,
  wallet: { readonly kms: KMSClient; readonly keyId: string },
): Promise<PreflightFinding[]> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const findings: PreflightFinding[] = [];
  const stake = lamportsOfSol(plan.stake_sol);
  findings.push(
    plan.stake_sol <= limits.daily_spend_sol
      ? { ok: true, says: `at most ${limits.daily_spend_sol} SOL a day, ${plan.stake_sol} a trade` }
      : { ok: false, says: `plan.stake_sol is more than limits.daily_spend_sol: no trade fits` },
  );

  let owner: string | undefined;
  try {
    ({ address: owner } = await kmsSigner(wallet.kms, wallet.keyId, signal));
    findings.push({ ok: true, says: `the wallet is ${owner}` });
  } catch (error) {
    findings.push({ ok: false, says: `the wallet's key cannot be used: ${reasonOf(error)}` });
  }

  const balances = await Promise.all(
    upstreams.rpc.urls.map(async (url, index) => {
      const upstream = `rpc${index + 1}`;
      const client = jsonClient({
        upstream,
        url: fillPlaceholders(url, keys),
        timeoutMs: upstreams.rpc.timeout_ms,
      });
      try {
        const params = [owner ?? WRAPPED_SOL, { commitment: 'confirmed' }];
        const result = await rpcClient({ clients: [client] }).call('getBalance', params, signal);
        const { value } = z.object({ value: z.union([z.number(), z.bigint()]) }).parse(result);
        findings.push({ ok: true, says: `${upstream} answers` });
        return BigInt(value);
      } catch (error) {
        findings.push({ ok: false, says: `${upstream} does not answer: ${reasonOf(error)}` });
        return undefined;
      } finally {
        await client.close();
      }
    }),
  );
  const balance = balances.find((each) => each !== undefined);
  if (owner !== undefined && balance !== undefined) {
    const ok = balance >= stake + SPARE_LAMPORTS;
    const need = solOfLamports(stake + SPARE_LAMPORTS);
    const says = `the wallet has ${solOfLamports(balance)} SOL`;
    findings.push({
      ok,
      says: ok ? says : `${says}; one trade needs ${need}. Send SOL to ${owner}`,
    });
  }

  const { jupiter } = upstreams;
  const apiKey = fillPlaceholders(jupiter.api_key, keys);
  const client = jsonClient({
    upstream: 'jupiter',
    url: fillPlaceholders(jupiter.url, keys),
    timeoutMs: jupiter.timeout_ms,
    headers: apiKey === '' ? {} : { 'x-api-key': apiKey },
  });
  const request = {
    inputMint: WRAPPED_SOL,
    outputMint: USDC,
    amount: stake,
    slippageBps: plan.slippage_bps,
  };
  const answer = await jupiterQuoteApi(client).quote(request, signal);
  await client.close();
  findings.push(
    answer.kind === 'unavailable'
      ? { ok: false, says: `Jupiter does not answer: ${answer.reason}` }
      : { ok: true, says: 'Jupiter answers' },
  );
  return findings;
}
