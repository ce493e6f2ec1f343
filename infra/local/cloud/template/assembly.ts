import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { LocalCloudError } from '../local-cloud-error.ts';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Value: z.unknown(),
        Condition: z.string().optional(),
        Export: z.object({ Name: z.unknown() }).optional(),
      }),
    )
    .default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
    .default({}),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

const assetManifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** One resource as the template declares it, intrinsics unresolved. */
export type Resource = z.output<typeof resourceSchema>;

/** A CloudFormation template with the name of its stack. */
export type StackTemplate = z.output<typeof templateSchema> & { readonly name: string };

/** What `cdk synth` wrote: every stack's template, and the directory of each zipped asset by its S3 key. */
export type Assembly = {
  readonly stacks: readonly StackTemplate[];
  readonly assetDirectories: ReadonlyMap<string, string>;
  /** `undefined` when the stacks are environment-agnostic. */
  readonly region: string | undefined;
};

/** Reads a cloud assembly (`cdk.out`). Source: the cloud assembly schema's `manifest.json`. */
export function readAssembly(directory: string): Assembly {
  const { artifacts } = readJson(join(directory, 'manifest.json'), manifestSchema);
  const stacks: StackTemplate[] = [];
  const assetDirectories = new Map<string, string>();
  let region: string | undefined;
  for (const [name, artifact] of Object.entries(artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') {
      const file = z.string().parse(artifact.properties['templateFile']);
      const stackName = z.string().default(name).parse(artifact.properties['stackName']);
      stacks.push({ name: stackName, ...readJson(join(directory, file), templateSchema) });
      const declared = artifact.environment?.split('/').at(-1);
      if (declared !== undefined && declared !== 'unknown-region') region ??= declared;
    } else if (artifact.type === 'cdk:asset-manifest') {
      const file = z.string().parse(artifact.properties['file']);
      addAssets(assetDirectories, directory, join(directory, file));
    }
  }
  if (stacks.length === 0)
    throw new LocalCloudError(
      `No CloudFormation stack in ${directory}: run "npm run synth" first.`,
    );
  return { stacks, assetDirectories, region };
}

function addAssets(into: Map<string, string>, directory: string, file: string): void {
  for (const { source, destinations } of Object.values(readJson(file, assetManifestSchema).files)) {
    if (source.packaging !== 'zip' || source.path === undefined) continue;
    for (const { objectKey } of Object.values(destinations))
      into.set(objectKey, join(directory, source.path));
  }
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LocalCloudError(`${file} cannot be read: run "npm run synth" first.`, { cause });
  }
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new LocalCloudError(
      `${file} is not what cdk synth writes: ${z.prettifyError(parsed.error)}`,
    );
  return parsed.data;
}
