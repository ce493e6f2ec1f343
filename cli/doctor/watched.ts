import { accountLines, watchPlan } from '../webhook-plan.ts';
import type { DoctorCheck } from './check.ts';

/** Which accounts the sweep (and the webhook, and the stream) watch, and why. */
export const watched: DoctorCheck = {
  name: 'watched',
  run: async ({ config }) => {
    const settings = config();
    const programs = settings.detector.sweep_programs;
    const { accounts, unwatched } = watchPlan(settings, { programs });
    const items = accountLines(accounts);
    if (accounts.length === 0) {
      return {
        status: 'bad',
        detail: 'no account is watched: nothing will be found',
        fix: 'add venues to [detector] venues, or set sweep_programs = true',
      };
    }
    if (unwatched.length === 0) {
      return { status: 'ok', detail: `${accounts.length} accounts, all venues`, items };
    }
    return {
      status: 'warn',
      detail: `${accounts.length} accounts; the sweep sees nothing of ${unwatched.join(', ')}`,
      items,
      fix: 'only whole programs tell of their pools: npm run webhook -- create --programs, or [detector] sweep_programs = true; both cost credits',
    };
  },
};
