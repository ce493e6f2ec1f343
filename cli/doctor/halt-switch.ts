import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { plain } from '../terminal.ts';
import type { DoctorCheck } from './check.ts';

/** Whether buys and exits run, and who said so. */
export const haltSwitch: DoctorCheck = {
  name: 'halt switch',
  run: async ({ stage, connection }, signal) => {
    const { dynamodb, output } = await connection();
    const state = await dynamoHaltSwitch(dynamodb, output('StateTable')).read(signal);
    const since = state.changedAt === 0 ? '' : ` since ${new Date(state.changedAt).toISOString()}`;
    const detail = `buys ${state.buys}, exits ${state.exits}${since} (${plain(state.by)})`;
    if (state.buys === 'running' && state.exits === 'running') return { status: 'ok', detail };
    return {
      // Without exits nothing that is held can be sold.
      status: state.exits === 'halted' ? 'bad' : 'warn',
      detail,
      fix: `npm run resume${stage === undefined ? '' : ` -- --stage ${stage}`}`,
    };
  },
};
