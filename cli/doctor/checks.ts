import type { DoctorCheck } from './check.ts';
import { configuration } from './configuration.ts';
import { haltSwitch } from './halt-switch.ts';
import { javaRuntime } from './java-version.ts';
import { nodeVersion } from './node-version.ts';
import { queues } from './queues.ts';
import { rpcEndpoints } from './rpc-endpoints.ts';
import { secrets } from './secrets.ts';
import { stack } from './stack.ts';
import { watched } from './watched.ts';

/** All checks, from the ground up. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  nodeVersion,
  javaRuntime,
  configuration,
  stack,
  secrets,
  rpcEndpoints,
  watched,
  haltSwitch,
  queues,
];
