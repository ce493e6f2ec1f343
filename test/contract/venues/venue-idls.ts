import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import type { Venue } from '#shared/domain/venue.ts';
import type { Idl } from './idl.ts';

const folder = fileURLToPath(new URL('../../venue-idls/', import.meta.url));
const require = createRequire(import.meta.url);

/** npm could not reach a registry; anything else that goes wrong is a fault of ours. */
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED/;

/**
 * Installs the venues' own packages, in a folder of their own, once for each lock file.
 * False, with a message, when there is no network to install them from.
 */
export function installVenueIdls(): boolean {
  const stampPath = `${folder}node_modules/.volley-lock`;
  const lockHash = createHash('sha256')
    .update(readFileSync(`${folder}package-lock.json`))
    .digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === lockHash) return true;

  const { status, stderr } = spawnSync('npm', ['ci', '--prefix', folder, '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) {
    writeFileSync(stampPath, lockHash);
    return true;
  }
  if (!OFFLINE.test(stderr)) throw new Error(`npm ci in ${folder} failed: ${stderr}`);
  process.stderr.write(
    `The venues' IDLs cannot be installed offline: the tests that compare with them are skipped.\n${stderr}`,
  );
  return false;
}

const json = (path: string): Idl =>
  JSON.parse(readFileSync(`${folder}node_modules/${path}`, 'utf8')) as Idl;
/** By path: the packages' export maps hide these files. */
const module = <Exports>(path: string): Exports =>
  require(`${folder}node_modules/${path}`) as Exports;

/** The interface descriptions that the venues publish. AMM v4, CPMM, CLMM and LaunchLab publish none on npm. */
export const venueIdls = (): Readonly<Partial<Record<Venue, Idl>>> => ({
  'pump-fun': json('@pump-fun/pump-sdk/src/idl/pump.json'),
  'pump-swap': json('@pump-fun/pump-sdk/src/idl/pump_amm.json'),
  'meteora-dbc': module<{ DynamicBondingCurveIdl: Idl }>(
    '@meteora-ag/dynamic-bonding-curve-sdk/dist/index.cjs',
  ).DynamicBondingCurveIdl,
  'meteora-damm-v1': module<{ IDL: Idl }>('@meteora-ag/dynamic-amm-sdk/dist/cjs/src/amm/idl.js')
    .IDL,
  'meteora-damm-v2': module<{ CpAmmIdl: Idl }>('@meteora-ag/cp-amm-sdk/dist/index.js').CpAmmIdl,
  'meteora-dlmm': module<{ IDL: Idl }>('@meteora-ag/dlmm/dist/index.js').IDL,
  'orca-whirlpool': json('@orca-so/whirlpools-sdk/dist/artifacts/whirlpool.json'),
});

type Builder = (...args: readonly unknown[]) => BuiltInstruction;

/** What web3.js's TransactionInstruction is, as far as it is read here. */
export type BuiltInstruction = {
  readonly programId: { readonly toBase58: () => string };
  readonly keys: readonly { readonly pubkey: { readonly toBase58: () => string } }[];
  readonly data: Uint8Array;
};

/** Raydium's own instruction builders, and the number and key types that they take. */
export function raydiumBuilders() {
  const raydium = '@raydium-io/raydium-sdk-v2/lib/raydium';
  return {
    cpmm: module<{ makeCreateCpmmPoolInInstruction: Builder; initializeWithPermission: Builder }>(
      `${raydium}/cpmm/instruction.js`,
    ),
    clmm: module<{
      ClmmInstrument: Record<
        | 'createPoolInstruction'
        | 'createCustomizablePoolInstruction'
        | 'createPermissionedPoolInstruction',
        Builder
      >;
    }>(`${raydium}/clmm/instrument.js`).ClmmInstrument,
    launchlab: module<{ initializeV2: Builder; initializeWithToken2022: Builder }>(
      `${raydium}/launchpad/instrument.js`,
    ),
    ammV4: module<{
      createPoolV4InstructionV2: (input: object) => { readonly instruction: BuiltInstruction };
    }>(`${raydium}/liquidity/instruction.js`),
    BN: module<new (value: string) => unknown>('bn.js'),
    PublicKey: module<{ PublicKey: new (base58: string) => unknown }>('@solana/web3.js').PublicKey,
  };
}
