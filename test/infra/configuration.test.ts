import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';

import { Fault } from '#shared/domain/fault.ts';
import { explainFault } from '#infra/explain-fault.ts';
import { buildStage } from '#infra/stage.ts';
import {
  type Json,
  SERVICES,
  functionOf,
  mappingOf,
  synthesized,
  temporaryFolder,
  tomlFile,
} from './synthesized.ts';

describe('pool_size', () => {
  it.each([2, 7, 150])('of %i is the limit of the event source, and what is reserved', (size) => {
    const all = synthesized({ settings: { parallel_processing: { pool_size: size } } });
    expect(mappingOf(all, 'analyzer')['ScalingConfig']).toEqual({ MaximumConcurrency: size });
    expect(functionOf(all, 'analyzer').properties['ReservedConcurrentExecutions']).toBe(size);
  });
});

describe('reserve_concurrency = false', () => {
  const all = synthesized({ settings: { deploy: { reserve_concurrency: false } } });

  it.each(SERVICES)('reserves nothing for %s: a new account has nothing to reserve', (service) => {
    expect(functionOf(all, service).properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('keeps the limit of the event source', () => {
    expect(mappingOf(all, 'analyzer')['ScalingConfig']).toEqual({
      MaximumConcurrency: all.config.parallel_processing.pool_size,
    });
  });
});

describe('two stages', () => {
  const paper = synthesized({ stage: 'paper' });
  const other = synthesized({ stage: 'other' });
  const stacks = [paper.state, paper.pipeline, other.state, other.pipeline];

  it('are stacks of their own', () => {
    expect(stacks.map(({ stackName }) => stackName)).toEqual([
      'Volley-paper-State',
      'Volley-paper-Pipeline',
      'Volley-other-State',
      'Volley-other-Pipeline',
    ]);
  });

  it('stand side by side: no resource is named by us', () => {
    const named = Object.entries({ ...paper.resources, ...other.resources }).flatMap(
      ([id, { Type, Properties }]) =>
        Object.keys(Properties ?? {})
          .filter((key) => PHYSICAL_NAMES.has(key) && Type !== 'AWS::Lambda::Permission')
          .filter((key) => !isReference(Properties[key]))
          // CloudFormation wants this one, unique within its role only.
          .filter((key) => key !== 'PolicyName')
          .map((key) => `${id}.${key}`),
    );
    expect(named).toEqual([]);
  });

  it('depend on no account and no region', () => {
    for (const { account, region } of stacks) {
      expect([account, region].every((text) => text.startsWith('${Token['))).toBe(true);
    }
  });

  it('share nothing: neither template speaks of the other stage', () => {
    expect(JSON.stringify(other.pipelineTemplate.toJSON())).not.toContain('Volley-paper');
  });
});

const PHYSICAL_NAMES = new Set([
  'AlarmName',
  'Alias',
  'AliasName',
  'BucketName',
  'FunctionName',
  'LogGroupName',
  'Name',
  'PolicyName',
  'QueueName',
  'RoleName',
  'TableName',
  'TopicName',
]);
const isReference = (value: unknown) => typeof value === 'object';

const faultOf = (settings: Json): Fault<'config.invalid'> => {
  try {
    synthesized({ settings });
  } catch (error) {
    if (error instanceof Fault && error.code === 'config.invalid') {
      return error as Fault<'config.invalid'>;
    }
    throw error;
  }
  throw new Error('the synthesis went through');
};

describe('a wrong setting', () => {
  it.each([
    {
      settings: { parallel_processing: { pool_size: 1 } },
      says: /^parallel_processing\.pool_size is 1: .*2$/,
    },
    {
      settings: { parallel_processing: { pool_size: 1_001 } },
      says: /^parallel_processing\.pool_size is 1001: .*1000$/,
    },
    {
      settings: { deploy: { log_retention_days: 10 } },
      says: /^deploy\.log_retention_days is 10: .*7\|14\|30/,
    },
    {
      settings: { analyzer: { check_timeout_ms: 14_000 } },
      says: /^analyzer\.check_timeout_ms is 14000: at most 13500: 1\.5 s less than/,
    },
  ])('stops the synthesis with key, value and what is allowed: $says', ({ settings, says }) => {
    const { issues } = faultOf(settings).context;
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(says);
  });

  it('is told in sentences, one a line, without a stack trace', () => {
    const told = explainFault(
      faultOf({ parallel_processing: { pool_size: 0 }, plan: { slippage_bps: 'lots' } }),
    );
    expect(told.split('\n')).toHaveLength(4);
    expect(told).toContain('parallel_processing.pool_size is 0');
    expect(told).toContain('plan.slippage_bps is "lots"');
    expect(told).not.toMatch(/^\s+at /m);
  });
});

const build = (context: Json) => buildStage(new App({ context, outdir: temporaryFolder() }));

describe('the context', () => {
  it.each(['Paper', '1st', 'a_b', '', 'a-name-that-is-far-too-long'])(
    'refuses %j as the name of a stage',
    (stage) => {
      expect(() => build({ stage })).toThrow(
        expect.objectContaining({
          context: {
            issues: [
              `the context value stage is ${JSON.stringify(stage)}: lower-case letters, digits and hyphens, at most 20, letter first`,
            ],
          },
        }) as Error,
      );
    },
  );

  it('refuses an overlay that is not there, by its path', () => {
    expect(() => build({ stage: 'paper', overlay: '/nowhere/overlay.toml' })).toThrow(
      /\/nowhere\/overlay\.toml: ENOENT/,
    );
  });

  it('lays the overlay over the configuration', () => {
    const overlay = tomlFile({ detector: { reserved_concurrency: 3 } });
    const { config } = build({ overlay, 'aws:cdk:bundling-stacks': [] });
    expect(config.detector).toMatchObject({ reserved_concurrency: 3, analyze_launches: true });
  });
});
