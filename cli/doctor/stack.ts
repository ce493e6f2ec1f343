import { CommandError } from '../command-error.ts';
import type { DoctorCheck } from './check.ts';

/** The local stack runs, or AWS lets us see the stage's stacks. */
export const stack: DoctorCheck = {
  name: 'stack',
  run: async ({ stage, connection }) => {
    try {
      const { where } = await connection();
      return { status: 'ok', detail: `${where} answers` };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (stage === undefined) {
        return { status: 'warn', detail: 'no local stack is running', fix: 'npm start' };
      }
      return {
        status: 'bad',
        detail: error.message,
        fix: /does not exist/.test(error.message)
          ? `deploy it: npx cdk deploy --all -c stage=${stage}`
          : 'check the credentials and the region: aws sts get-caller-identity',
      };
    }
  },
};
