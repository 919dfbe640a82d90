import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { forgetCaller } from './caller.ts'
import { PATIENCE_MS } from './patience.ts'

forgetCaller(process.env)

/**
 * How long a busy machine may take, in milliseconds: a guard against what hangs. What is waited for within a test has
 * half of it, in patience.ts.
 */
const PATIENCE = {
  testTimeout: 2 * PATIENCE_MS,
  hookTimeout: 2 * PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS } },
}

/** Three groups: the panel's own tests, the contract on the simulator, and the same contract on the `dokku` on PATH. */
export default defineConfig({
  test: {
    // Left alone, vitest keeps one core for itself: half of a small machine.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      { test: { name: 'ui', include: ['test/ui/**/*.test.ts', 'test/layout.test.ts'], ...PATIENCE } },
      {
        test: {
          name: 'simulator',
          include: ['test/contract/**/*.test.ts'],
          env: { CONTRACT_TARGET: 'simulator' },
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/contract/**/*.test.ts'],
          env: { CONTRACT_TARGET: 'real' },
          ...PATIENCE,
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
          ...PATIENCE,
        },
      },
    ],
  },
})
