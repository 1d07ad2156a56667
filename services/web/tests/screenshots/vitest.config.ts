import { defineConfig } from 'vitest/config'

/** `pnpm screenshots`: makes the pictures in `docs/images` anew, of the page as it is. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.shots.ts'],
    globalSetup: '../e2e/providePageFolder.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
