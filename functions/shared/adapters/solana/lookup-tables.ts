import * as z from 'zod';

import { type Address, addressOfBytes } from '../../domain/address.ts';
import { Fault } from '../../domain/fault.ts';
import type { RpcClient } from './rpc-client.ts';

const accountsSchema = z.object({
  value: z.array(z.object({ data: z.tuple([z.string(), z.string()]) }).nullable()),
});
/** Where the addresses begin. Source: Address Lookup Table program, `LookupTableMeta`. */
const HEAD_BYTES = 56;
const KEY_BYTES = 32;

/**
 * Address lookup tables as two nodes agree on them: with one node's word alone a lie about a table
 * would show us other accounts than those that we sign for.
 * @throws {Fault} `upstream.*` when fewer than two nodes answer; `transaction.malformed` when they differ.
 */
export async function readLookupTables(
  nodes: readonly RpcClient[],
  tables: readonly Address[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Address, readonly Address[]>> {
  if (tables.length === 0) return new Map();
  const params = [tables, { encoding: 'base64', commitment: 'confirmed' }];
  const answers = await Promise.all(
    nodes.slice(0, 2).map(async (node) => node.call('getMultipleAccounts', params, signal)),
  );
  const [one, other] = answers.map((answer) => {
    const parsed = accountsSchema.safeParse(answer);
    if (parsed.success) return parsed.data.value.map((account) => account?.data[0] ?? '');
    throw new Fault('upstream.malformed', { upstream: 'rpc', reason: 'getMultipleAccounts' });
  });
  if (one === undefined || other === undefined || one.join() !== other.join()) {
    throw new Fault('transaction.malformed', { reason: 'two nodes differ on a lookup table' });
  }
  return new Map(tables.map((table, index) => [table, addressesIn(one[index] ?? '')]));
}

function addressesIn(data: string): Address[] {
  const bytes = Buffer.from(data, 'base64').subarray(HEAD_BYTES);
  return Array.from({ length: Math.floor(bytes.length / KEY_BYTES) }, (_, index) =>
    addressOfBytes(bytes.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES)),
  );
}
