import { hostname, userInfo } from 'node:os';

import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import type { HaltState } from '#shared/domain/halt-state.ts';
import { connect } from './connection.ts';

/** How long a change of the switch may take before it counts as failed. */
const LIMIT_MS = 10_000;

type Change = (current: HaltState) => Pick<HaltState, 'buys' | 'exits'>;

/** Changes the halt switch of the local stack or a stage, and says how it stands then. */
export async function setHalt(
  change: Change,
  { stage, json }: { readonly stage?: string | undefined; readonly json?: boolean | undefined },
): Promise<0> {
  const { dynamodb, output, where } = await connect({ stage });
  const haltSwitch = dynamoHaltSwitch(dynamodb, output('StateTable'));
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { buys, exits } = change(await haltSwitch.read(signal));
  const state: HaltState = { buys, exits, changedAt: Date.now(), by: whoami() };
  await haltSwitch.set(state, signal);
  process.stdout.write(
    json === true
      ? `${JSON.stringify(state)}\n`
      : `${where}: buys ${buys}, exits ${exits}. The next claim obeys it.\n`,
  );
  return 0;
}

const whoami = (): string => `${userInfo().username}@${hostname()}`.slice(0, 200);
