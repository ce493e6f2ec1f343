import { LocalCloudError } from '../local-cloud-error.ts';

/** What the intrinsic functions of one stack's template ask for. */
export type IntrinsicScope = {
  /** `Ref` of a parameter, pseudo parameter or resource. */
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, name: string) => unknown;
  readonly condition: (name: string) => boolean;
  readonly mapping: (map: string, first: string, second: string) => unknown;
  readonly importValue: (exportName: string) => unknown;
  readonly stackOutput: (stackName: string, outputName: string) => unknown;
};

/** `Ref: AWS::NoValue`: the property is as if it were not there. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: IntrinsicScope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(text(argument, 'Ref')),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...name] = Array.isArray(argument)
      ? list(argument, 'Fn::GetAtt')
      : text(argument, 'Fn::GetAtt').split('.');
    return scope.attribute(
      text(logicalId, 'Fn::GetAtt'),
      text(resolveIntrinsics(name.length === 1 ? name[0] : name.join('.'), scope), 'Fn::GetAtt'),
    );
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, 'Fn::Join');
    return list(resolveIntrinsics(parts, scope), 'Fn::Join')
      .map((part) => text(part, 'Fn::Join'))
      .join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = Array.isArray(argument)
      ? list(argument, 'Fn::Sub')
      : [argument, {}];
    return substitute(
      text(template, 'Fn::Sub'),
      record(resolveIntrinsics(variables, scope)),
      scope,
    );
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(resolveIntrinsics(argument, scope), 'Fn::Select');
    const chosen = list(items, 'Fn::Select')[Number(index)];
    if (chosen === undefined)
      throw new LocalCloudError(`Fn::Select: there is no item ${String(index)} in ${show(items)}.`);
    return chosen;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = list(resolveIntrinsics(argument, scope), 'Fn::Split');
    return text(source, 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(resolveIntrinsics(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::If': (argument, scope) => {
    const [name, then, otherwise] = list(argument, 'Fn::If');
    return resolveIntrinsics(scope.condition(text(name, 'Fn::If')) ? then : otherwise, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(resolveIntrinsics(argument, scope), 'Fn::FindInMap').map(
      (key) => text(key, 'Fn::FindInMap'),
    );
    return scope.mapping(map ?? '', first ?? '', second ?? '');
  },
  'Fn::ImportValue': (argument, scope) =>
    scope.importValue(text(resolveIntrinsics(argument, scope), 'Fn::ImportValue')),
  // What CDK writes for a reference into another stack when `defaultCrossStackReferences` is weak.
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = record(resolveIntrinsics(argument, scope));
    return scope.stackOutput(
      text(StackName, 'Fn::GetStackOutput'),
      text(OutputName, 'Fn::GetStackOutput'),
    );
  },
  Condition: (argument, scope) => scope.condition(text(argument, 'Condition')),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolveIntrinsics(argument, scope), 'Fn::Equals');
    return show(left) === show(right);
  },
  'Fn::Not': (argument, scope) => !truths(argument, scope).some(Boolean),
  'Fn::And': (argument, scope) => truths(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => truths(argument, scope).some(Boolean),
};

/**
 * A template value with every intrinsic function replaced by what it stands for.
 *
 * @throws {LocalCloudError} for a function that is not supported here. Source: CloudFormation's
 * intrinsic function reference.
 */
export function resolveIntrinsics(value: unknown, scope: IntrinsicScope): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item) => resolveIntrinsics(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, argument] = only;
    const intrinsic = INTRINSICS[name];
    // `Condition` is also a plain key, of policy statements: as a function its value is a name.
    if (intrinsic !== undefined && (name !== 'Condition' || typeof argument === 'string'))
      return intrinsic(argument, scope);
    if (name.startsWith('Fn::'))
      throw new LocalCloudError(`The template uses ${name}, which the local cloud does not know.`);
  }
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      const resolved = resolveIntrinsics(item, scope);
      return resolved === NO_VALUE ? [] : [[key, resolved]];
    }),
  );
}

/** `${Name}`, `${Resource.Attribute}` and `${!Literal}` of Fn::Sub. */
function substitute(
  template: string,
  variables: Readonly<Record<string, unknown>>,
  scope: IntrinsicScope,
): string {
  return template.replaceAll(/\$\{([^}]+)\}/g, (_whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in variables) return text(variables[name], 'Fn::Sub');
    const dot = name.indexOf('.');
    return text(
      dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1)),
      'Fn::Sub',
    );
  });
}

function truths(argument: unknown, scope: IntrinsicScope): boolean[] {
  return list(resolveIntrinsics(argument, scope), 'condition').map(
    (value) => value === true || value === 'true',
  );
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new LocalCloudError(`${where} needs a string and got ${show(value)}.`);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new LocalCloudError(`${where} needs a list and got ${show(value)}.`);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
