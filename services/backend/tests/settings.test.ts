import { describe, expect, it } from 'vitest'
import { SECOND, errorOf } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { expectRefusal, onlineWorker, useBackend } from './setup'

const backend = useBackend()

describe('settings', () => {
  it('are validated together, and nothing changes when they are refused', async () => {
    const before = await backend.t.query(internal.settings.get, {})
    const refused = await expectRefusal(
      backend.t.mutation(internal.settings.update, { staleThresholdMs: 50 * SECOND }),
      'SETTINGS_INVALID',
    )
    expect(errorOf(refused)?.message).toContain('at least twice heartbeatIntervalMs')
    for (const heartbeatIntervalMs of [0, -1, 1.5, Number.NaN]) {
      await expectRefusal(
        backend.t.mutation(internal.settings.update, { heartbeatIntervalMs }),
        'SETTINGS_INVALID',
      )
    }
    expect(await backend.t.query(internal.settings.get, {})).toEqual(before)
  })

  it('reach a running worker through what it follows', async () => {
    const { credentials } = await onlineWorker(backend.t)
    await backend.t.mutation(internal.settings.update, {
      heartbeatIntervalMs: SECOND,
      staleThresholdMs: 3 * SECOND,
    })
    expect(await backend.t.query(api.workers.self, { credentials })).toMatchObject({
      approval: 'approved',
      heartbeatIntervalMs: SECOND,
      staleThresholdMs: 3 * SECOND,
    })
  })
})
