import bs58 from 'bs58';

import type { Address } from '#shared/domain/address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import type { CompiledInstruction } from '../chain/message.ts';

type Parsed = { readonly type: string; readonly info: Record<string, unknown> };

/**
 * An instruction as `jsonParsed` shows it: transfers and account creation in words, the rest, and
 * every program that nodes have no parser for, with accounts and base58 data.
 */
export function parseInstruction(
  instruction: CompiledInstruction,
  keys: readonly Address[],
  stackHeight: number,
) {
  const programId = keys[instruction.programIdIndex];
  const accounts = instruction.accounts.map((index) => keys[index] ?? SYSTEM_PROGRAM);
  const data = Buffer.from(instruction.data);
  const known = programId === undefined ? undefined : PROGRAMS[programId];
  const parsed = known?.parse(accounts, data);
  if (known !== undefined && parsed !== undefined) {
    return { parsed, program: known.name, programId, stackHeight };
  }
  return { accounts, data: bs58.encode(data), programId, stackHeight };
}

const PROGRAMS: Record<
  string,
  {
    readonly name: string;
    readonly parse: (accounts: Address[], data: Buffer) => Parsed | undefined;
  }
> = {
  [SYSTEM_PROGRAM]: { name: 'system', parse: parseSystem },
  [TOKEN_PROGRAM]: { name: 'spl-token', parse: parseToken },
  [TOKEN_2022_PROGRAM]: { name: 'spl-token', parse: parseToken },
  [ASSOCIATED_TOKEN_PROGRAM]: { name: 'spl-associated-token-account', parse: parseAssociated },
};

function parseSystem(accounts: Address[], data: Buffer): Parsed | undefined {
  if (data.length === 12 && data.readUInt32LE(0) === 2) {
    const lamports = Number(data.readBigUInt64LE(4));
    const [source, destination] = accounts;
    return { info: { destination, lamports, source }, type: 'transfer' };
  }
  if (data.length === 52 && data.readUInt32LE(0) === 0) {
    const [source, newAccount] = accounts;
    const lamports = Number(data.readBigUInt64LE(4));
    const space = Number(data.readBigUInt64LE(12));
    const owner = bs58.encode(data.subarray(20, 52));
    return { info: { lamports, newAccount, owner, source, space }, type: 'createAccount' };
  }
  return undefined;
}

function parseToken(accounts: Address[], data: Buffer): Parsed | undefined {
  const amountOf = () => data.readBigUInt64LE(1);
  const [first, second, third, fourth] = accounts;
  switch (data[0]) {
    case 3: {
      const info = { amount: amountOf().toString(), authority: third, destination: second };
      return { info: { ...info, source: first }, type: 'transfer' };
    }
    case 7: {
      const info = { account: second, amount: amountOf().toString(), mint: first };
      return { info: { ...info, mintAuthority: third }, type: 'mintTo' };
    }
    case 12: {
      const decimals = data[9] ?? 0;
      const amount = amountOf();
      const tokenAmount = {
        amount: amount.toString(),
        decimals,
        uiAmount: Number(amount) / 10 ** decimals,
        uiAmountString: String(Number(amount) / 10 ** decimals),
      };
      const info = { authority: fourth, destination: third, mint: second, source: first };
      return { info: { ...info, tokenAmount }, type: 'transferChecked' };
    }
    case 17:
      return { info: { account: first }, type: 'syncNative' };
    default:
      return undefined;
  }
}

function parseAssociated(accounts: Address[], data: Buffer): Parsed | undefined {
  const [source, account, wallet, mint, systemProgram, tokenProgram] = accounts;
  const info = { account, mint, source, systemProgram, tokenProgram, wallet };
  return { info, type: data[0] === 1 ? 'createIdempotent' : 'create' };
}
