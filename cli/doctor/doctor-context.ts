import { keyNames } from '../upstream-keys.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { type Connection, LOCAL_STACK_FILE, connect } from '../connection.ts';
import { stackConfig } from '../stack-config.ts';
import type { DoctorContext } from './check.ts';

/** What the checks look at: the stage, or this machine. */
export function doctorContext({
  stage,
  localFile = LOCAL_STACK_FILE,
  environment = process.env,
}: {
  readonly stage?: string | undefined;
  readonly localFile?: string;
  readonly environment?: DoctorContext['environment'];
}): DoctorContext {
  let connected: Promise<Connection> | undefined;
  const connection = async (): Promise<Connection> => (connected ??= connect({ stage, localFile }));
  const config = () => stackConfig({ stage, localFile });
  let read: Promise<Readonly<Record<string, string>>> | undefined;
  const readKeys = async () => {
    const names = keyNames(config());
    // Without a local stack, what `npm start -- --live` would use can still be tried.
    const running = stage !== undefined || (await isRunning(connection));
    if (!running) return Object.fromEntries(names.map((name) => [name, environment[name] ?? '']));
    const { output, secrets } = await connection();
    return readUpstreamKeys(output('UpstreamSecret'), secrets());
  };
  return { stage, environment, config, connection, keys: async () => (read ??= readKeys()) };
}

async function isRunning(connection: () => Promise<Connection>): Promise<boolean> {
  const [outcome] = await Promise.allSettled([connection()]);
  return outcome.status === 'fulfilled';
}
