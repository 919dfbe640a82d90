import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { forgetCaller } from './caller.ts'

forgetCaller(process.env)

/** Three groups: the panel's own tests, the contract on the simulator, and the same contract on the `dokku` on PATH. */
export default defineConfig({
  test: {
    // Left alone, vitest keeps one core for itself: half of a small machine.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      { test: { name: 'ui', include: ['test/ui/**/*.test.ts', 'test/layout.test.ts'], testTimeout: 240_000, hookTimeout: 240_000 } },
      {
        test: {
          name: 'simulator',
          include: ['test/contract/**/*.test.ts'],
          env: { CONTRACT_TARGET: 'simulator' },
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/contract/**/*.test.ts'],
          env: { CONTRACT_TARGET: 'real' },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          globalSetup: 'test/browser/built.ts',
          include: ['test/browser/**/*.test.ts'],
          // A page follows within a tenth of a second; two browsers on two cores may take longer.
          expect: { poll: { timeout: 10_000 } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
