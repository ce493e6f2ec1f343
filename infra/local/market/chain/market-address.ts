import { createHash } from 'node:crypto';
import { addressBytes } from './address-bytes.ts';

import { type Address, addressOfBytes } from '#shared/domain/address.ts';

/** An address of the market's choice that belongs to another one: the same every time. */
export const marketAddress = (of: Address, name: string): Address =>
  addressOfBytes(createHash('sha256').update(addressBytes(of)).update(name).digest());
