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

/** One project per service for what runs in-process; `e2e` drives real processes, opencode and a browser. */
export default defineConfig({
  test: {
    projects: [
      ...services.map((name) => ({
        test: {
          name,
          root: `services/${name}`,
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: ['tests/e2e/**'],
          testTimeout: 20_000,
          // By itself Vitest leaves one core to whoever watches.
          maxWorkers: 2,
        },
      })),
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
