/** `npm run synth`: the CloudFormation templates and bundles, checked as for a deployment. */
import { spawn } from 'node:child_process';
import { delimiter, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { CommandError } from '../command-error.ts';
import { type ExitCode, runCommand } from '../run-command.ts';

const HELP = `Usage: npm run synth [-- OPTIONS]

Makes the CloudFormation templates and the bundles of a stage, as a deployment would, and checks
them: CloudFormation's own rules, and cdk-nag's for AWS solutions and for serverless.

  --stage S      part of the stacks' names; trading.S.toml is laid over trading.toml; else: paper
  --overlay F    a further TOML file laid over both
  --output D     the folder to write to; else: cdk.out
  --json         prints stage, stacks and folder as one JSON line
  --help         prints this

Exit code: 0; 1 when a setting or a check is not met; 2 wrong usage.
`;

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

await runCommand(synth);

async function synth(args: string[]): Promise<ExitCode> {
  const { values } = parseArgs({
    args,
    options: {
      stage: { type: 'string', default: 'paper' },
      overlay: { type: 'string' },
      output: { type: 'string', default: 'cdk.out' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { stage } = values;
  const overlayPath = values.overlay === undefined ? undefined : resolve(values.overlay);
  const assemblyDirectory = resolve(values.output);
  // Before the CDK CLI: what that says of a failed app would bury the sentences about a setting.
  loadTradingConfig({ stage, overlayPath });
  await runCdkSynth({ stage, overlayPath, assemblyDirectory });

  const stacks = ['State', 'Pipeline'].map((name) => `Volley-${stage}-${name}`);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ stage, stacks, assemblyDirectory })}\n`
      : `${stacks.join(' and ')} are in ${assemblyDirectory}\n`,
  );
  return 0;
}

type CdkSynth = {
  readonly stage: string;
  readonly overlayPath: string | undefined;
  readonly assemblyDirectory: string;
};

async function runCdkSynth({ stage, overlayPath, assemblyDirectory }: CdkSynth): Promise<void> {
  const overlay = overlayPath === undefined ? [] : ['--context', `overlay=${overlayPath}`];
  const cli = spawn(
    process.execPath,
    [
      `${projectRoot}node_modules/aws-cdk/bin/cdk`,
      'synth',
      '--quiet',
      '--output',
      assemblyDirectory,
      '--context',
      `stage=${stage}`,
      ...overlay,
    ],
    {
      cwd: projectRoot,
      // Its words are for the person: on the standard output stands our result alone.
      stdio: ['ignore', 2, 2],
      env: {
        ...process.env,
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // The CLI starts the app as plain `node`: it has to be the one that runs this.
        PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
      },
    },
  );
  const { promise, resolve: exited, reject } = Promise.withResolvers<number | null>();
  cli.once('error', reject).once('exit', exited);
  if ((await promise) !== 0)
    throw new CommandError('The stacks are not fit to be deployed: see above');
}
