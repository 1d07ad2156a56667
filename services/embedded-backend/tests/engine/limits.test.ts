import { describe, expect, it } from 'vitest'
import { admin, mutate, openTestEngine, query } from './openTestEngine'

describe('limits per transaction', () => {
  it('refuses more than 16,000 writes and keeps none', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'notes:bulk', { owner: 'a', count: 16_001 }, admin)).rejects.toThrow(
      'limit: 16000',
    )
    expect(await query(engine, 'notes:countAll')).toBe(0)
  })

  it('refuses more than 32,000 documents scanned', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'notes:bulk', { owner: 'a', count: 3_200 }, admin)
    expect(await query(engine, 'notes:countTimes', { times: 10 })).toBeNull()
    await mutate(engine, 'notes:add', { owner: 'a', text: 'one more' })
    await expect(query(engine, 'notes:countTimes', { times: 10 })).rejects.toThrow('limit: 32000')
  })

  it('refuses large documents and more than 16 MiB', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'notes:addBig', { bytes: 1 << 20, times: 1 })).rejects.toThrow(
      'Value is too large',
    )
    await expect(mutate(engine, 'notes:addBig', { bytes: 1_000_000, times: 17 })).rejects.toThrow(
      'Wrote too many bytes',
    )
    await mutate(engine, 'notes:addBig', { bytes: 1_000_000, times: 16 })
    await mutate(engine, 'notes:addBig', { bytes: 1_000_000, times: 1 })
    await expect(query(engine, 'notes:countAll')).rejects.toThrow('Read too many bytes')
  })

  it('refuses more than 4,096 index ranges, and reports what was used', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'notes:add', { owner: 'a', text: 'x' })
    await expect(query(engine, 'notes:readOneByOne', { times: 4_097 })).rejects.toThrow('limit: 4096')
    expect(await query(engine, 'notes:readOneByOne', { times: 5 })).toMatchObject({
      databaseQueries: { used: 5, remaining: 4_091 },
      documentsRead: { used: 5, remaining: 31_995 },
    })
  })

  it('refuses more than 1,000 scheduled functions', async () => {
    const engine = await openTestEngine()
    await expect(
      mutate(engine, 'runtime:schedule', { name: 'x', delayMs: 1e6, times: 1_001 }),
    ).rejects.toThrow('limit: 1000')
  })

  it('refuses what Convex refuses or only a deployment has', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'notes:bulk', { owner: 'a', count: 3 }, admin)
    await expect(query(engine, 'notes:pagesTwice')).rejects.toThrow('single paginated query')
    await expect(query(engine, 'notes:searches')).rejects.toThrow('no search indexes')
  })

  it('lets a mutation write while it iterates', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'notes:bulk', { owner: 'a', count: 300 }, admin)
    expect(await mutate(engine, 'notes:deleteAll')).toBe(0)
  })
})
