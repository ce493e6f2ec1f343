import { LocalCloudError } from '../local-cloud-error.ts';
import type { Assembly, StackTemplate } from './assembly.ts';
import { type IntrinsicScope, NO_VALUE, resolveIntrinsics } from './intrinsics.ts';
import { type LivingType, isPlayed } from './resource-types.ts';

/** fauxqs puts every queue into this account, so the whole local cloud lives there. */
export const ACCOUNT_ID = '000000000000';

/** One resource that the local cloud plays. */
export type PlayedResource = {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: LivingType;
  /** The properties, with intrinsics resolved as far as the registry knows their resources. */
  readonly properties: () => Readonly<Record<string, unknown>>;
};

/** What `Ref` and `Fn::GetAtt` answer for one resource. */
export type ResourceIdentity = {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** The stacks as one graph: resources, what they refer to, and the outputs. */
export type StackModel = {
  readonly resources: (type: LivingType) => readonly PlayedResource[];
  /** Tells the model what a resource is called: before that, references to it fail. */
  readonly identify: (resource: PlayedResource, identity: ResourceIdentity) => void;
  /** A name like CloudFormation's: stack, logical id and a suffix of this run. */
  readonly physicalName: (resource: PlayedResource, maxLength: number) => string;
  /** Every output that a person declared, by name, over all stacks. */
  readonly outputs: () => ReadonlyMap<string, string>;
};

/** Builds the model. `runSuffix` keeps this run's names apart from those of all others. */
export function stackModel(assembly: Assembly, region: string, runSuffix: string): StackModel {
  const identities = new Map<string, ResourceIdentity>();
  const stacks = new Map(assembly.stacks.map((stack) => [stack.name, stack]));
  const scopes = new Map<string, IntrinsicScope>();
  for (const stack of assembly.stacks) scopes.set(stack.name, scopeOf(stack));

  function scopeOf(stack: StackTemplate): IntrinsicScope {
    const pseudo: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': ACCOUNT_ID,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${ACCOUNT_ID}:stack/${stack.name}/${runSuffix}`,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const scope: IntrinsicScope = {
      ref(name) {
        if (name in pseudo) return pseudo[name];
        const parameter = stack.Parameters[name];
        return parameter === undefined ? identityOf(stack, name).ref : parameter.Default;
      },
      attribute(logicalId, name) {
        const value = identityOf(stack, logicalId).attributes[name];
        if (value !== undefined) return value;
        const type = stack.Resources[logicalId]?.Type ?? '';
        // Roles and alarms are named in policies only, which nobody reads here.
        if (!isPlayed(type, `${stack.name}/${logicalId}`))
          return `arn:aws:local:${region}:${ACCOUNT_ID}:${stack.name}/${logicalId}/${name}`;
        throw new LocalCloudError(
          `${stack.name}/${logicalId} (${type}) has no attribute ${name} in the local cloud.`,
        );
      },
      condition(name) {
        const condition = stack.Conditions[name];
        if (condition === undefined)
          throw new LocalCloudError(`${stack.name} has no condition ${name}.`);
        return resolveIntrinsics(condition, scope) === true;
      },
      mapping(map, first, second) {
        const value = stack.Mappings[map]?.[first]?.[second];
        if (value === undefined)
          throw new LocalCloudError(`${stack.name} has no mapping ${map}.${first}.${second}.`);
        return value;
      },
      importValue(exportName) {
        for (const other of assembly.stacks)
          for (const output of Object.values(other.Outputs)) {
            if (output.Export === undefined) continue;
            if (resolve(other, output.Export.Name) === exportName)
              return resolve(other, output.Value);
          }
        throw new LocalCloudError(`No stack exports ${exportName}.`);
      },
      stackOutput(stackName, outputName) {
        const other = stacks.get(stackName);
        const output = other?.Outputs[outputName];
        if (other === undefined || output === undefined)
          throw new LocalCloudError(`Stack ${stackName} has no output ${outputName}.`);
        return resolve(other, output.Value);
      },
    };
    return scope;
  }

  function resolve(stack: StackTemplate, value: unknown): unknown {
    const scope = scopes.get(stack.name);
    if (scope === undefined) throw new LocalCloudError(`There is no stack ${stack.name}.`);
    return resolveIntrinsics(value, scope);
  }

  function identityOf(stack: StackTemplate, logicalId: string): ResourceIdentity {
    const known = identities.get(`${stack.name}/${logicalId}`);
    if (known !== undefined) return known;
    const resource = stack.Resources[logicalId];
    if (resource === undefined)
      throw new LocalCloudError(`${stack.name} refers to ${logicalId}, which it does not declare.`);
    if (isPlayed(resource.Type, `${stack.name}/${logicalId}`))
      throw new LocalCloudError(
        `${stack.name}/${logicalId} is needed before the local cloud has made it.`,
      );
    return { ref: `${stack.name}-${logicalId}`, attributes: {} };
  }

  const played = assembly.stacks.flatMap((stack) =>
    Object.entries(stack.Resources).flatMap(([logicalId, resource]): PlayedResource[] => {
      const { Type, Condition, Properties } = resource;
      if (!isPlayed(Type, `${stack.name}/${logicalId}`)) return [];
      if (Condition !== undefined && scopes.get(stack.name)?.condition(Condition) !== true)
        return [];
      const properties = () =>
        Object.fromEntries(Object.entries(asRecord(resolve(stack, Properties))));
      return [{ stack: stack.name, logicalId, type: Type, properties }];
    }),
  );

  return {
    resources: (type) => played.filter((resource) => resource.type === type),
    identify({ stack, logicalId }, identity) {
      identities.set(`${stack}/${logicalId}`, identity);
    },
    physicalName({ stack, logicalId }, maxLength) {
      const suffix = `-${runSuffix}`;
      // CloudFormation shortens stack and logical id alike; the suffix always stays whole.
      const room = maxLength - suffix.length - 1;
      const id = logicalId.slice(0, Math.max(24, room - stack.length));
      return `${stack.slice(0, room - id.length)}-${id}${suffix}`;
    },
    outputs() {
      const outputs = new Map<string, string>();
      for (const stack of assembly.stacks)
        for (const [name, { Value, Condition }] of Object.entries(stack.Outputs)) {
          // Written by CDK for other stacks, not by a person for a person.
          if (/^(?:Exports|Publish)Output/.test(name)) continue;
          if (Condition !== undefined && scopes.get(stack.name)?.condition(Condition) !== true)
            continue;
          if (outputs.has(name))
            throw new LocalCloudError(`Two stacks have an output ${name}: outputs are named once.`);
          const value = resolve(stack, Value);
          outputs.set(name, typeof value === 'string' ? value : JSON.stringify(value));
        }
      return outputs;
    },
  };
}

const asRecord = (value: unknown): object =>
  typeof value === 'object' && value !== null ? value : {};
