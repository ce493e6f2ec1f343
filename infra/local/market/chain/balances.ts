import type { Address } from '#shared/domain/address.ts';
import type { TokenBalance } from './landed-transaction.ts';
import { isTokenAccountData, isTokenProgram, readMint, readTokenAccount } from './token-layout.ts';
import type { TokenAccountIndex } from './token-account-index.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** What a transaction's accounts hold at one moment. */
export type Balances = {
  readonly lamports: readonly bigint[];
  readonly tokens: readonly TokenBalance[];
};

/** Reads what a node notes before and after each transaction, token accounts included. */
export class BalanceReader {
  readonly #vm: VirtualMachine;
  readonly #index: TokenAccountIndex;
  readonly #decimals = new Map<Address, number>();

  constructor(vm: VirtualMachine, index: TokenAccountIndex) {
    this.#vm = vm;
    this.#index = index;
  }

  /** Also enters each token account that it meets into the index. */
  read(keys: readonly Address[]): Balances {
    const lamports: bigint[] = [];
    const tokens: TokenBalance[] = [];
    for (const [accountIndex, key] of keys.entries()) {
      const account = this.#vm.account(key);
      lamports.push(account?.lamports ?? 0n);
      if (account === undefined || !isTokenProgram(account.owner)) continue;
      if (!isTokenAccountData(account.data)) continue;
      const { mint, owner, amount, state } = readTokenAccount(account.data);
      if (state === 0) continue;
      this.#index.add(key, { mint, owner });
      const decimals = this.#decimalsOf(mint);
      tokens.push({ accountIndex, mint, owner, programId: account.owner, amount, decimals });
    }
    return { lamports, tokens };
  }

  #decimalsOf(mint: Address): number {
    const known = this.#decimals.get(mint);
    if (known !== undefined) return known;
    const account = this.#vm.account(mint);
    if (account === undefined) return 0;
    const { decimals } = readMint(account.data);
    this.#decimals.set(mint, decimals);
    return decimals;
  }
}
