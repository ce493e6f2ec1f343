import type { LocalStack } from '#infra/local/local-stack.ts';
import { allTrades } from './local-tables.ts';
import type { LocalWallet } from './local-wallet.ts';
import { tradeResults } from './trade-results.ts';

/** What a run has earned or lost. Amounts are lamports as text: JSON's numbers do not hold them all. */
export type RunMoney = {
  readonly results: Readonly<Record<string, unknown>>;
  /** Only where the wallet is on a chain. */
  readonly wallet?: {
    readonly address: string;
    readonly changeLamports: string;
    /** True when the books say exactly what the chain says. */
    readonly booksAgree: boolean;
  };
};

export async function moneyOf(
  { dynamodb, output }: LocalStack,
  wallet: LocalWallet | undefined,
  before: bigint | undefined,
  after: bigint | undefined,
): Promise<RunMoney> {
  const results = tradeResults(await allTrades(dynamodb, output('TradesTable')));
  const exits = Object.fromEntries(
    Object.entries(results.exits).map(([cause, { sells, lamports }]) => [
      cause,
      { sells, lamports: lamports.toString() },
    ]),
  );
  const text = Object.fromEntries(
    Object.entries(results).map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  );
  const money = { results: { ...text, exits } };
  if (wallet === undefined || before === undefined || after === undefined) return money;
  const change = after - before;
  return {
    ...money,
    wallet: {
      address: wallet.address,
      changeLamports: change.toString(),
      booksAgree: change === results.balanceChangeLamports,
    },
  };
}
