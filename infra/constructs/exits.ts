import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';

import type { StateStack } from '../stacks/state-stack.ts';
import { EachMinute } from './each-minute.ts';
import { type FunctionDefaults, VolleyFunction } from './volley-function.ts';

export type ExitsProps = {
  readonly defaults: FunctionDefaults;
  readonly state: StateStack;
  readonly memoryMb: number;
};

/** Watches and sells what is held: started each minute, looking again every few seconds inside it. */
export class Exits extends Construct {
  readonly exits: VolleyFunction;

  constructor(scope: Construct, id: string, { defaults, state, memoryMb }: ExitsProps) {
    super(scope, id);

    this.exits = new VolleyFunction(this, 'Exits', {
      defaults,
      entry: 'functions/exits/handler.ts',
      service: 'exits',
      description: 'Watches open positions, sells by the rules, answers for what was sent',
      // Longer than the minute between two starts: the one under way hands over without a gap.
      timeout: Duration.seconds(70),
      memoryMb,
      reservedConcurrency: undefined,
      systemLogs: 'warn',
      environment: {
        TRADES_TABLE: state.trades.tableName,
        STATE_TABLE: state.state.tableName,
        UPSTREAM_SECRET_ARN: state.upstreamSecret.secretArn,
        WALLET_KEY_ID: state.wallet.key.keyId,
      },
      role: state.exitsRole,
    });
    this.exits.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      state.trades.tableArn,
    );
    this.exits.allow(['dynamodb:GetItem'], state.state.tableArn);
    this.exits.allow(['secretsmanager:GetSecretValue'], state.upstreamSecret.secretArn);
    new EachMinute(this, 'EachMinute', {
      target: this.exits,
      description: 'Starts the watch over open positions',
      nothingLost: 'A failed look has nothing to keep: the next one reads the same positions.',
    });
  }
}
