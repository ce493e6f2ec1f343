/** `npm run dashboard`: the live page, served on this machine only. */
import { readFileSync } from 'node:fs';
import { once } from 'node:events';

import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { LOCAL_STACK_FILE, type LocalStack, connect, localStackSchema } from '../connection.ts';
import { startPage } from '../page/start-page.ts';
import { stackConfig } from '../stack-config.ts';

await runCommand({
  help: `Usage: npm run dashboard [-- OPTIONS]

Serves the live page on this machine: decisions as they come, why each token was bought or refused,
the pipeline, the trades. It reads the tables with your own credentials; nothing of it is exposed in
the cloud, and it listens on loopback only. Ctrl-C ends it.

  --stage S     of the deployed stage S (the usual AWS chain of credentials and region); without it,
                of the local stack
  --port N      listens on this port; without it on 8787, or on a free one where that is taken
  --help        prints this

Exit code: 0; 1 when no stack runs or the port is taken; 2 wrong usage.
`,
  options: {
    stage: { type: 'string' },
    port: { type: 'string' },
  },
  async run({ stage, port: portText }) {
    const port = portText === undefined ? undefined : portNumber(portText);
    const connection = await connect({ stage });
    const stack = stage === undefined ? localStack() : undefined;
    if (stack?.page !== undefined && port === undefined) {
      process.stdout.write(`npm start serves the page already: ${stack.page}\n`);
      return 0;
    }
    const page = await startPage({
      connection,
      localChain: stack?.market !== undefined,
      config: stackConfig({ stage }),
      port,
    });
    process.stdout.write(`${connection.where}: ${page.url}\nCtrl-C ends it.\n`);
    await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map(async (name) => once(process, name)));
    await page.stop();
    return 0;
  },
});

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CommandError(`--port is "${text}": a number from 1 to 65535 is expected`, {
    exitCode: 2,
  });
}

/** What the running local stack says of itself; `connect` has read it before. */
function localStack(): LocalStack {
  return localStackSchema.parse(JSON.parse(readFileSync(LOCAL_STACK_FILE, 'utf8')));
}
