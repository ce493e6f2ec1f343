import type { App } from 'aws-cdk-lib';
import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PipelineStack } from './stacks/pipeline-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import { writeResolvedConfig } from './write-resolved-config.ts';

/** Part of the names of stacks; CloudFormation takes letters, digits and hyphens there. */
const stageSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,19}$/,
    'lower-case letters, digits and hyphens, at most 20, letter first',
  );

const contextSchema = z.object({
  stage: stageSchema.default('paper'),
  /** Path of a TOML file laid over the configuration. */
  overlay: z.string().min(1, 'the path of a TOML file').optional(),
});

export type VolleyStage = {
  readonly config: TradingConfig;
  readonly state: StateStack;
  readonly pipeline: PipelineStack;
};

/**
 * Both stacks of the stage that the context names, with the configuration of that stage.
 * @throws {Fault} `config.invalid`
 */
export function buildStage(app: App): VolleyStage {
  const { stage, overlay } = readContext(app);
  const config = loadTradingConfig({ stage, overlayPath: overlay });
  const configPath = writeResolvedConfig(app.outdir, config);
  const state = new StateStack(app, `Volley-${stage}-State`, { stage });
  const pipeline = new PipelineStack(app, `Volley-${stage}-Pipeline`, {
    stage,
    config,
    configPath,
    state,
  });
  return { config, state, pipeline };
}

function readContext(app: App): z.infer<typeof contextSchema> {
  const context: Record<string, unknown> = {
    stage: app.node.tryGetContext('stage'),
    overlay: app.node.tryGetContext('overlay'),
  };
  const parsed = contextSchema.safeParse(context);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => {
    const key = path.join('.');
    return `the context value ${key} is ${JSON.stringify(context[key])}: ${message}`;
  });
  throw new Fault('config.invalid', { issues });
}
