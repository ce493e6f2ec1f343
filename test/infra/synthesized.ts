import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stringify } from 'smol-toml';

import { type VolleyStage, buildStage } from '#infra/stage.ts';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

const { context } = JSON.parse(readFileSync(`${projectRoot}cdk.json`, 'utf8')) as {
  context: Record<string, unknown>;
};

export type Json = { readonly [key: string]: unknown };
export type Resource = {
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};
type TemplateJson = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};

export type Synthesized = VolleyStage & {
  readonly stateTemplate: Template;
  readonly pipelineTemplate: Template;
  /** Resources of both stacks by logical id; references between the stacks are followed. */
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
};

/** Both stacks as `cdk synth` makes them with the flags of cdk.json, but without bundles. */
export function synthesized(options: { stage?: string; settings?: Json } = {}): Synthesized {
  const { stage = 'paper', settings } = options;
  const app = new App({
    outdir: temporaryFolder(),
    context: {
      ...context,
      stage,
      'aws:cdk:bundling-stacks': [],
      ...(settings === undefined ? {} : { overlay: tomlFile(settings) }),
    },
  });
  const built = buildStage(app);
  const stateTemplate = Template.fromStack(built.state);
  const pipelineTemplate = Template.fromStack(built.pipeline);
  const stateJson = stateTemplate.toJSON() as TemplateJson;
  const pipelineJson = followed(pipelineTemplate.toJSON(), stateJson) as TemplateJson;
  return {
    ...built,
    stateTemplate,
    pipelineTemplate,
    resources: { ...stateJson.Resources, ...pipelineJson.Resources },
    outputs: Object.fromEntries(
      Object.entries({ ...stateJson.Outputs, ...pipelineJson.Outputs }).map(([name, output]) => [
        name,
        output.Value,
      ]),
    ),
  };
}

/** Everything that a test file writes; deleted when its process ends. */
const scratch = mkdtempSync(`${tmpdir()}/volley-infra-`);
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** A new folder that is deleted at the end of the run. */
export const temporaryFolder = (): string => mkdtempSync(`${scratch}/`);

/** A TOML file with these settings, deleted at the end of the run. */
export function tomlFile(settings: Json): string {
  const path = `${temporaryFolder()}/overlay.toml`;
  writeFileSync(path, stringify(settings));
  return path;
}

/** `value` with each reference to an output of the other stack replaced by that output's value. */
function followed(value: unknown, other: TemplateJson): unknown {
  if (Array.isArray(value)) return value.map((inner) => followed(inner, other));
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as Record<string, { OutputName: string } | undefined>)[
    'Fn::GetStackOutput'
  ];
  if (reference !== undefined) return other.Outputs[reference.OutputName]!.Value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, followed(inner, other)]),
  );
}

export function resourcesOf({ resources }: Synthesized, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** The function whose logs and metrics go by this service name. */
export function functionOf(all: Synthesized, service: string): { id: string; properties: Json } {
  const found = resourcesOf(all, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => environmentOf(Properties)['POWERTOOLS_SERVICE_NAME'] === service,
  );
  if (found === undefined) throw new Error(`no function has the service name ${service}`);
  return { id: found[0], properties: found[1].Properties };
}

export const environmentOf = (properties: Json): Json =>
  (properties['Environment'] as { Variables: Json }).Variables;

/** The event source mapping of that function. */
export function mappingOf(all: Synthesized, service: string): Json {
  const { id } = functionOf(all, service);
  const found = resourcesOf(all, 'AWS::Lambda::EventSourceMapping').find(
    ([, { Properties }]) => (Properties['FunctionName'] as { Ref: string }).Ref === id,
  );
  if (found === undefined) throw new Error(`nothing is mapped to ${service}`);
  return found[1].Properties;
}

/** Logical id that an output of the app refers to. */
export const outputRef = ({ outputs }: Synthesized, name: string): string =>
  (outputs[name] as { Ref: string }).Ref;

export const SERVICES = ['detector', 'sweep', 'analyzer', 'executor', 'exits'] as const;
