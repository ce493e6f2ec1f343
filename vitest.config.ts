import { defineConfig } from 'vitest/config';

const project = (name: string, timeoutMs: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: Math.max(timeoutMs, 60_000),
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('unit', 5_000),
      project('property', 60_000),
      project('contract', 30_000),
      project('infra', 60_000),
      project('integration', 120_000),
    ],
  },
});
