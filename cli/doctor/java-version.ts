import { checkJava, javaVersion } from '#infra/local/cloud/emulators/dynamodb-local.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import type { DoctorCheck } from './check.ts';

/** The local stack's DynamoDB is a Java program; a deployed stage needs none. */
export const javaRuntime: DoctorCheck = {
  name: 'java',
  run: async ({ stage, environment }) => {
    if (stage !== undefined) return { status: 'ok', detail: 'not needed for a deployed stage' };
    const other = environment['DYNAMODB_ENDPOINT'];
    if (other !== undefined && other !== '') {
      return { status: 'ok', detail: `not needed: DYNAMODB_ENDPOINT is ${other}` };
    }
    const version = javaVersion();
    try {
      checkJava(version);
    } catch (error) {
      const [found = '', fix = ''] = reasonOf(error)
        .replace(/^\w+: /, '')
        .split(/: (.*)/s);
      return { status: 'bad', detail: found, fix };
    }
    return { status: 'ok', detail: `Java ${version}` };
  },
};
