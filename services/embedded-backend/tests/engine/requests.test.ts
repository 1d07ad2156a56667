import { describe, expect, it } from 'vitest'
import { call, openTestEngine, query, temporaryFolder } from './openTestEngine'

describe('requests that are sent again', () => {
  const dedupe = { sessionId: 'session', requestId: 7 }
  const request = { ...call('notes:add', { owner: 'a', text: 'once' }), dedupe }

  it('are answered as before and not run again, also after a restart', async () => {
    const dataDir = await temporaryFolder()
    const first = await openTestEngine({ dataDir })
    const run = await first.mutation(request)
    const repeated = await first.mutation(request)
    expect(repeated.outcome).toEqual(run.outcome)
    expect(repeated.ts).toBeLessThanOrEqual(first.latestTs())
    await first.close()
    const second = await openTestEngine({ dataDir })
    expect((await second.mutation(request)).outcome).toEqual(run.outcome)
    expect(await query(second, 'notes:byOwner', { owner: 'a' })).toEqual(['once'])
    expect(second.tables()).not.toContain('_requests')
  })

  it('run when the session or the number is another', async () => {
    const engine = await openTestEngine()
    await engine.mutation(request)
    await engine.mutation({ ...request, dedupe: { ...dedupe, requestId: 8 } })
    await engine.mutation({ ...request, dedupe: { ...dedupe, sessionId: 'other' } })
    expect(await query(engine, 'notes:countAll')).toBe(3)
  })

  it('run again when the first try failed, since nothing was committed', async () => {
    const engine = await openTestEngine()
    const failing = { ...call('notes:fails', { how: 'plain' }), dedupe }
    expect((await engine.mutation(failing)).outcome.kind).toBe('error')
    expect((await engine.mutation(request)).outcome.kind).toBe('ok')
    expect(await query(engine, 'notes:countAll')).toBe(1)
  })

  it('sent twice at the same time run once', async () => {
    const engine = await openTestEngine()
    const [one, two] = await Promise.all([engine.mutation(request), engine.mutation(request)])
    expect(one.outcome).toEqual(two.outcome)
    expect(await query(engine, 'notes:countAll')).toBe(1)
  })
})
