import * as z from 'zod';

import type { FunctionSpec } from '../lambda/function-spec.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import type { Assembly } from '../template/assembly.ts';
import { ACCOUNT_ID, type StackModel } from '../template/stack-model.ts';

const functionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string(),
  Environment: z
    .object({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .default({ Variables: {} }),
  // The defaults are those of Lambda.
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
});

const ENVIRONMENT_LIMIT_BYTES = 4_096;

/** Names every function, so that others can refer to it before it runs. */
export function nameFunctions(model: StackModel, region: string): void {
  for (const resource of model.resources('AWS::Lambda::Function')) {
    // 64 characters: the limit of Lambda.
    const name = model.physicalName(resource, 64);
    const Arn = `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${name}`;
    model.identify(resource, { ref: name, attributes: { Arn } });
  }
}

/**
 * The functions of the template. `addresses` are variables that lead the AWS SDK to the local cloud.
 *
 * @throws {LocalCloudError} for a runtime other than Node 24, a missing bundle, or too large an environment.
 */
export function functionSpecs(
  model: StackModel,
  { assetDirectories }: Assembly,
  region: string,
  addresses: Readonly<Record<string, string>>,
): readonly FunctionSpec[] {
  const names = new Set<string>();
  return model.resources('AWS::Lambda::Function').map((resource): FunctionSpec => {
    const { logicalId } = resource;
    const properties = functionProperties.parse(resource.properties());
    if (properties.Runtime !== 'nodejs24.x')
      throw new LocalCloudError(
        `Function ${logicalId} runs on ${properties.Runtime}: the local cloud has nodejs24.x only.`,
      );
    const directory = assetDirectories.get(properties.Code.S3Key);
    if (directory === undefined)
      throw new LocalCloudError(
        `Function ${logicalId} has no bundle in the assembly: was it synthesised without bundling?`,
      );
    const { Variables } = properties.Environment;
    const size = Object.entries(Variables).reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
      0,
    );
    if (size > ENVIRONMENT_LIMIT_BYTES)
      throw new LocalCloudError(
        `Function ${logicalId} has ${size} bytes of environment variables: Lambda takes ${ENVIRONMENT_LIMIT_BYTES}.`,
      );
    const functionName = model.physicalName(resource, 64);
    const service = Variables['POWERTOOLS_SERVICE_NAME'];
    const name = service === undefined || names.has(service) ? logicalId : service;
    names.add(name);
    return {
      logicalId,
      name,
      functionName,
      arn: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${functionName}`,
      directory,
      handler: properties.Handler,
      environment: { ...Variables, ...addresses },
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
    };
  });
}
