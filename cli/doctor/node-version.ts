import type { DoctorCheck } from './check.ts';

/** The version that the Lambda functions run on, and that runs TypeScript from source. */
const NEEDED = 24;

/** Commands run on the project's own Node, whatever the system has. */
export const nodeVersion: DoctorCheck = {
  name: 'node',
  run: async () => {
    const major = Number(process.versions.node.split('.')[0]);
    const detail = `Node ${process.versions.node}`;
    return major >= NEEDED
      ? { status: 'ok', detail }
      : {
          status: 'bad',
          detail: `${detail}, and ${NEEDED} is needed`,
          fix: 'start commands with npm run, which takes the Node of node_modules; if it is missing: npm ci',
        };
  },
};
