import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'

const services = [
  'backend',
  'embedded-backend',
  'scripted-model',
  'worker',
  'web',
  'cli',
  'proof',
  'reference',
]

/**
 * With modules of their own: one runs suites of others once more, on another engine; what the other counts has the length of ids, which
 * are numbered in the order in which they are made.
 */
const alone = ['fleetCost', 'onEmbeddedEngine'].map((name) => `services/backend/tests/${name}.test.ts`)

/** By itself Vitest leaves one core to whoever watches. */
const maxWorkers = 2

/** One project per service for what runs in-process; `e2e` drives real processes, opencode and a browser. */
export default defineConfig({
  test: {
    projects: [
      ...services.map((name) => ({
        test: {
          name,
          root: `services/${name}`,
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: ['tests/e2e/**', ...alone.map((file) => `**/${basename(file)}`)],
          // A process for each file, with all modules anew, takes as long as many of the tests.
          isolate: false,
          testTimeout: 20_000,
          maxWorkers,
        },
      })),
      { test: { name: 'alone', include: alone, testTimeout: 20_000, maxWorkers } },
      {
        test: {
          name: 'e2e',
          include: ['services/*/tests/e2e/**/*.test.ts'],
          globalSetup: [
            'services/cli/scripts/buildPrograms.js',
            'services/cli/scripts/buildTestPrograms.js',
            'services/web/tests/e2e/providePageFolder.ts',
          ],
          // A process for each file costs five seconds; these share nothing but modules without state.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // After the others, so that neither side starves the other of its two cores.
          sequence: { groupOrder: 1 },
          // One more than the cores that CI has: the files wait as much as they work.
          maxWorkers: 3,
          // For the files whose tests wait more than they work.
          maxConcurrency: 4,
        },
      },
    ],
  },
})
