import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { Fault } from '#shared/domain/fault.ts';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const cdkJsonSchema = z.object({ context: z.record(z.string(), z.json()) });

export type SynthesisOptions = {
  readonly stage: string;
  /** TOML file laid over the configuration. */
  readonly overlayPath?: string;
  /** Folder of the cloud assembly; made when it is not there. */
  readonly outputDirectory: string;
};

export type Synthesis = {
  /** Absolute path of the folder with `manifest.json`, the templates and the bundles. */
  readonly assemblyDirectory: string;
  /** Absolute path of the resolved configuration that all bundles carry. */
  readonly configPath: string;
};

/**
 * Makes the templates and bundles that `cdk synth` makes, without the CDK CLI and the policy checks:
 * the app alone takes half the time, and whoever runs it here does not deploy.
 * @throws {Fault} `config.invalid`, `synthesis.failed`
 */
export async function synthesize(options: SynthesisOptions): Promise<Synthesis> {
  const { stage } = options;
  const assemblyDirectory = resolve(options.outputDirectory);
  const overlayPath = options.overlayPath === undefined ? undefined : resolve(options.overlayPath);
  // Here and not only in the app: so a wrong setting reaches the caller as the fault that it is.
  loadTradingConfig({ stage, overlayPath });

  const app = spawn(process.execPath, [`${projectRoot}infra/app.ts`], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: assemblyDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...cdkContext(),
        // What the CLI adds by itself: where in the assembly each function's bundle lies.
        'aws:cdk:enable-asset-metadata': true,
        'aws:cdk:enable-path-metadata': true,
        policyChecks: false,
        stage,
        ...(overlayPath === undefined ? {} : { overlay: overlayPath }),
      }),
    },
  });
  const { promise: exitCode, resolve: exited, reject } = Promise.withResolvers<number | null>();
  app.once('error', reject).once('exit', exited);
  const [output, code] = await Promise.all([text(app.stderr), exitCode]);
  if (code !== 0) throw new Fault('synthesis.failed', { reason: output.trim() });
  return { assemblyDirectory, configPath: `${assemblyDirectory}/trading.json` };
}

/** Feature flags and defaults of `cdk.json`, which only the CLI reads by itself. */
const cdkContext = () =>
  cdkJsonSchema.parse(JSON.parse(readFileSync(`${projectRoot}cdk.json`, 'utf8'))).context;
