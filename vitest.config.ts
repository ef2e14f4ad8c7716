import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Many tests wait for cameras that run in real time: one worker per core keeps the cores busy, not overloaded. */
const workers = Math.max(2, availableParallelism());

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          maxWorkers: workers,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: ['{electron,native,renderer,build}/**/*.test.{ts,tsx,mjs}'],
          exclude: ['electron/test/**', 'build/start.test.mjs', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['electron/test/**/*.test.ts', 'build/start.test.mjs'],
          // Each starts an engine, a simulator and FFmpeg: two at a time keep a two-core machine honest.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['electron/test/e2e/**/*.e2e.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
