import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';

import {
  associatedTokenAddress,
  findProgramAddress,
  isOnCurve,
} from '#infra/local/market/chain/program-address.ts';
import { TOKEN_2022_PROGRAM } from '#infra/local/market/chain/program-ids.ts';
import { Random } from '#infra/local/market/random.ts';
import { pumpFunMigrate } from '#infra/local/market/venues/pump-fun-migrate.ts';
import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';

describe('program addresses', () => {
  it('finds the address and bump that web3.js finds', () => {
    const random = new Random('program-addresses');
    for (let time = 0; time < 20; time += 1) {
      const seed = random.bytes(32);
      const [expected, bump] = PublicKey.findProgramAddressSync(
        [Buffer.from('seed'), seed],
        new PublicKey(VENUE_PROGRAMS['pump-fun']),
      );
      expect(findProgramAddress(['seed', seed], VENUE_PROGRAMS['pump-fun'])).toEqual({
        address: expected.toBase58(),
        bump,
      });
    }
  });

  it('tells points of the curve from other bytes', () => {
    const random = new Random('curve');
    for (let time = 0; time < 50; time += 1) {
      const bytes = random.bytes(32);
      expect(isOnCurve(bytes)).toBe(PublicKey.isOnCurve(bytes));
    }
    expect(isOnCurve(Keypair.generate().publicKey.toBytes())).toBe(true);
  });

  it("puts a graduate's pool where mainnet has it", () => {
    const mint = address('8ZCmwpW3MtC5UpNcZf7U4HMvRNTo71syU11BDiAFpump');
    const creator = address('G7YaEzm4c1aMQcn1SQLUPHYnoUNE7bG4XwQ4nxyYydn');
    const place = pumpFunMigrate.place({ mint, creator, tokenProgram: TOKEN_2022_PROGRAM });
    expect(place).toEqual({
      pool: '2uZuTQEjcXcR1ESwMdGTpqEwM5PCekEwrSNVRPc1EhS1',
      authority: '2uZuTQEjcXcR1ESwMdGTpqEwM5PCekEwrSNVRPc1EhS1',
      baseVault: 'Cd1hBv9Q3NJRZQJY35KqRSnSNwdQsv8HBT8WjSgYFs3',
      quoteVault: 'QMyRpmaHEGfs2uT5YLpmXGDJV9PTSuLtJXaYe6keCoQ',
      lpMint: '4KK2xxVEH9WiKnt9S7vzf5V34Jy9Gw9EUb37DUEThbdJ',
    });
    expect(associatedTokenAddress(place.pool, mint, TOKEN_2022_PROGRAM)).toBe(place.baseVault);
  });
});
