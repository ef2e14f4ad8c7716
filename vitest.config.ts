import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{electron,native,renderer,build}/**/*.test.{ts,tsx,mjs}'],
          exclude: ['electron/test/**', 'build/start.test.mjs', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'integration',
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
          include: ['electron/test/e2e/**/*.e2e.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
