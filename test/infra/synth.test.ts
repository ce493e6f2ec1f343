import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { parseTradingConfig } from '#config/parse-trading-config.ts';
import { synthesize } from '#infra/synth.ts';
import { projectRoot, temporaryFolder, tomlFile } from './synthesized.ts';

const run = promisify(execFile);

/** `npm run synth` without npm. */
const synthCommand = async (...args: string[]) =>
  run(process.execPath, [`${projectRoot}cli/commands/synth.ts`, ...args], {
    cwd: projectRoot,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      conclusion: z.string(),
      violations: z.array(z.object({ ruleName: z.string() })),
      suppressedViolations: z
        .array(z.object({ ruleName: z.string(), reason: z.string() }))
        .default([]),
    }),
  ),
});

const assetsOf = (assemblyDirectory: string): string[] =>
  [
    ...readFileSync(`${assemblyDirectory}/Volley-paper-Pipeline.template.json`, 'utf8').matchAll(
      /"S3Key": "(\w+)\.zip"/g,
    ),
  ].map(([, hash]) => `asset.${hash}`);

describe('npm run synth', { timeout: 120_000 }, () => {
  it('finds nothing against the stacks but what a sentence acknowledges', async () => {
    const output = temporaryFolder();
    const { code, stdout } = await synthCommand('--json', '--output', output);

    expect(JSON.parse(stdout)).toEqual({
      stage: 'paper',
      stacks: ['Volley-paper-State', 'Volley-paper-Pipeline'],
      assemblyDirectory: output,
    });
    expect(code).toBe(0);
    const { pluginReports } = reportSchema.parse(
      JSON.parse(readFileSync(`${output}/validation-report.json`, 'utf8')),
    );
    expect(pluginReports.map(({ pluginName }) => pluginName)).toEqual(
      expect.arrayContaining(['AwsSolutions', 'Serverless']),
    );
    expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
    for (const { reason } of pluginReports.flatMap((report) => report.suppressedViolations)) {
      expect(reason).toMatch(/^[A-Z].{30,}\.$/);
    }
  });

  it('says what is wrong with a setting, in sentences, and makes nothing', async () => {
    const output = `${temporaryFolder()}/cdk.out`;
    const overlay = tomlFile({ parallel_processing: { pool_size: 1 } });
    const { code, stderr } = await synthCommand('--overlay', overlay, '--output', output);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^parallel_processing\.pool_size is 1: .*\n$/);
    expect(existsSync(output)).toBe(false);
  });

  it('answers a wrong option with 2', async () => {
    expect(await synthCommand('--stag', 'live')).toMatchObject({ code: 2, stdout: '' });
  });

  it('explains itself', async () => {
    const { code, stdout } = await synthCommand('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--overlay');
  });
});

describe('synthesize', { timeout: 120_000 }, () => {
  it('writes a bundle and the resolved configuration for each function', async () => {
    const { assemblyDirectory, configPath } = await synthesize({
      stage: 'paper',
      overlayPath: tomlFile({ parallel_processing: { pool_size: 9 } }),
      outputDirectory: temporaryFolder(),
    });

    const assets = assetsOf(assemblyDirectory);
    expect(new Set(assets).size).toBe(5);
    for (const asset of assets) {
      expect(existsSync(`${assemblyDirectory}/${asset}/index.mjs`)).toBe(true);
      const bundled: unknown = JSON.parse(
        readFileSync(`${assemblyDirectory}/${asset}/trading.json`, 'utf8'),
      );
      expect(parseTradingConfig(bundled).parallel_processing.pool_size).toBe(9);
    }
    expect(JSON.parse(readFileSync(configPath, 'utf8'))).toMatchObject({ mode: 'paper' });
  });

  it('makes the same bundles in another folder', async () => {
    const [here, there] = await Promise.all(
      [temporaryFolder(), temporaryFolder()].map(async (outputDirectory) =>
        synthesize({ stage: 'paper', outputDirectory }),
      ),
    );
    expect(assetsOf(here!.assemblyDirectory)).toEqual(assetsOf(there!.assemblyDirectory));
  });

  it('throws a wrong setting as the fault that it is', async () => {
    await expect(
      synthesize({
        stage: 'paper',
        overlayPath: tomlFile({ parallel_processing: { pool_size: 'many' } }),
        outputDirectory: temporaryFolder(),
      }),
    ).rejects.toMatchObject({
      code: 'config.invalid',
      context: { issues: [expect.stringMatching(/^parallel_processing\.pool_size is "many": /)] },
    });
  });

  it('says why the app could not be made', async () => {
    await expect(
      synthesize({ stage: 'Not A Stage', outputDirectory: temporaryFolder() }),
    ).rejects.toMatchObject({
      code: 'synthesis.failed',
      context: {
        reason: expect.stringContaining('the context value stage is "Not A Stage"') as string,
      },
    });
  });
});
