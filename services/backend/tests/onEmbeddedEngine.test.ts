import { describe, expect, it } from 'vitest'

/**
 * Some of this folder's suites once more, on the embedded engine instead of on convex-test: what they ask of presence, scheduled
 * functions, indexes and HTTP actions must not depend on which of the two answers. All that can are run by
 * `ROLLCALL_TEST_ENGINE=embedded pnpm test --project backend`.
 */
process.env['ROLLCALL_TEST_ENGINE'] = 'embedded'
const { useBackend } = await import('./setup')

describe('the engine', () => {
  const backend = useBackend()
  it('is the embedded one', () => expect(backend.t).toHaveProperty('close'))
})

// Each within a suite of its own, so that the hooks of one are not those of the others.
for (const suite of ['presence', 'draining', 'sharing', 'metricsAccess']) {
  describe(suite, async () => {
    await import(`./${suite}.test.ts`)
  })
}
