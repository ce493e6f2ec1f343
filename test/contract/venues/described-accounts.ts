import type { PoolAccounts } from '#functions/detector/venues/venue-decoder.ts';
import type { Venue } from '#shared/domain/venue.ts';

type Names = { readonly [Role in keyof PoolAccounts]?: string };

const damm1 = {
  pool: 'pool',
  mintA: 'token_a_mint',
  mintB: 'token_b_mint',
  vaultA: 'a_token_vault',
  vaultB: 'b_token_vault',
  lpMint: 'lp_mint',
  creator: 'payer',
};
const damm2 = {
  pool: 'pool',
  mintA: 'token_a_mint',
  mintB: 'token_b_mint',
  vaultA: 'token_a_vault',
  vaultB: 'token_b_vault',
  creator: 'creator',
};
const dbc = {
  pool: 'pool',
  mintA: 'base_mint',
  mintB: 'quote_mint',
  vaultA: 'base_vault',
  vaultB: 'quote_vault',
  creator: 'creator',
};
const dlmm = {
  pool: 'lb_pair',
  mintA: 'token_mint_x',
  mintB: 'token_mint_y',
  vaultA: 'reserve_x',
  vaultB: 'reserve_y',
  creator: 'funder',
};
const orca = {
  pool: 'whirlpool',
  mintA: 'token_mint_a',
  mintB: 'token_mint_b',
  vaultA: 'token_vault_a',
  vaultB: 'token_vault_b',
  creator: 'funder',
};
const pump = {
  pool: 'bonding_curve',
  mintA: 'mint',
  vaultA: 'associated_bonding_curve',
  creator: 'user',
};

/** What the description calls each account that we read, for every instruction that opens a pool. */
export const OPENING_ACCOUNTS: Readonly<Partial<Record<Venue, Readonly<Record<string, Names>>>>> = {
  'pump-fun': { create: pump, create_v2: pump },
  'pump-swap': {
    create_pool: {
      pool: 'pool',
      mintA: 'base_mint',
      mintB: 'quote_mint',
      vaultA: 'pool_base_token_account',
      vaultB: 'pool_quote_token_account',
      lpMint: 'lp_mint',
      creator: 'creator',
    },
  },
  'meteora-dbc': {
    initialize_virtual_pool_with_spl_token: dbc,
    initialize_virtual_pool_with_token2022: dbc,
    initialize_virtual_pool_with_token2022_transfer_hook: dbc,
  },
  'meteora-damm-v1': {
    initialize_permissionless_constant_product_pool_with_config: damm1,
    initialize_permissionless_constant_product_pool_with_config2: damm1,
    initialize_customizable_permissionless_constant_product_pool: damm1,
    initialize_permissionless_pool: damm1,
    initialize_permissionless_pool_with_fee_tier: damm1,
  },
  'meteora-damm-v2': {
    initialize_pool: damm2,
    initialize_customizable_pool: damm2,
    initialize_pool_with_dynamic_config: damm2,
  },
  'meteora-dlmm': {
    initialize_lb_pair: dlmm,
    initialize_lb_pair2: dlmm,
    initialize_customizable_permissionless_lb_pair: dlmm,
    initialize_customizable_permissionless_lb_pair2: dlmm,
    initialize_permission_lb_pair: { ...dlmm, creator: 'payer' },
  },
  'orca-whirlpool': {
    initialize_pool: orca,
    initialize_pool_v2: orca,
    initialize_pool_with_adaptive_fee: orca,
  },
};

/** The same for migrations. */
export const MIGRATION_ACCOUNTS: Readonly<
  Partial<Record<Venue, Readonly<Record<string, { pool: string; mint: string }>>>>
> = {
  'pump-fun': {
    migrate: { pool: 'pool', mint: 'mint' },
    migrate_v2: { pool: 'pool', mint: 'base_mint' },
  },
  'meteora-dbc': {
    migrate_meteora_damm: { pool: 'pool', mint: 'token_a_mint' },
    migration_damm_v2: { pool: 'pool', mint: 'base_mint' },
  },
};

/**
 * Instructions that make, initialise or migrate something other than a pool. An instruction that a
 * new version of a description adds is in neither list, and fails the test until it is placed.
 */
export const NOT_OPENINGS: Readonly<Partial<Record<Venue, readonly string[]>>> = {
  'pump-fun': [
    'init_user_volume_accumulator',
    'initialize',
    'initialize_quote_control',
    'migrate_bonding_curve_creator',
  ],
  'pump-swap': [
    'create_config',
    'init_boost',
    'init_user_volume_accumulator',
    'migrate_pool_coin_creator',
  ],
  'meteora-dbc': [
    'create_config',
    'create_config_with_transfer_hook',
    'create_locker',
    'create_operator_account',
    'create_partner_metadata',
    'create_token_badge',
    'create_virtual_pool_metadata',
    'migrate_meteora_damm_claim_lp_token',
    'migrate_meteora_damm_lock_lp_token',
    'migration_damm_v2_create_metadata',
    'migration_meteora_damm_create_metadata',
  ],
  'meteora-damm-v1': [
    // A pool, but only Meteora's own admin may make it, for pairs of stable coins.
    'initialize_permissioned_pool',
    'create_mint_metadata',
    'create_lock_escrow',
    'create_config',
  ],
  'meteora-damm-v2': [
    'create_config',
    'create_dynamic_config',
    'create_operator_account',
    'create_position',
    'create_token_badge',
    'initialize_reward',
  ],
  'meteora-dlmm': [
    'create_operator_account',
    'initialize_bin_array',
    'initialize_bin_array_bitmap_extension',
    'initialize_position',
    'initialize_position2',
    'initialize_position_by_operator',
    'initialize_position_pda',
    'initialize_preset_parameter',
    'initialize_reward',
    'initialize_token_badge',
  ],
  'orca-whirlpool': [
    'initialize_adaptive_fee_tier',
    'initialize_config',
    'initialize_config_extension',
    'initialize_dynamic_tick_array',
    'initialize_fee_tier',
    'initialize_position_bundle',
    'initialize_position_bundle_with_metadata',
    'initialize_reward',
    'initialize_reward_v2',
    'initialize_tick_array',
    'initialize_token_badge',
    'migrate_repurpose_reward_authority_space',
  ],
};
