/** Addresses in the public Solana explorer. Only base58 goes into them. */
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]+$/;

const link = (kind: 'tx' | 'address', id: string): string | undefined =>
  BASE58.test(id) ? `https://explorer.solana.com/${kind}/${id}` : undefined;

export const transactionLink = (signature: string): string | undefined => link('tx', signature);
export const addressLink = (address: string): string | undefined => link('address', address);
