import { convexTest, type TestConvex } from 'convex-test'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { embeddedTest } from '../../src/testing/embeddedTest'
import schema from '../fixtures/app/schema'
import { bump, counter, functionsDir, modules, mutation, openEmbedded, query } from './embeddedTestCalls'
import { FIXTURES } from './openTestEngine'

describe('embeddedTest', () => {
  it('gives each test an engine of its own, also at the same time', async () => {
    const [one, other] = [openEmbedded(), openEmbedded()]
    await Promise.all([
      one.run(async (ctx) => {
        await ctx.runMutation(bump, { name: 'x' })
        await ctx.runMutation(bump, { name: 'x' })
      }),
      other.run((ctx) => ctx.runMutation(bump, { name: 'x' })),
    ])
    expect([await counter(one, 'x'), await counter(other, 'x')]).toEqual([2, 1])
  })

  it('lets convex-test answer its own functions', async () => {
    const peer = convexTest({ schema, modules })
    const ours = openEmbedded()
    const insert = (t: TestConvex<typeof schema>, name: string) =>
      t.run(async (ctx) => {
        await ctx.db.insert('counters', { name, value: 1 })
        return (await ctx.db.query('counters').collect()).map((row) => row.name)
      })
    expect(await Promise.all([insert(peer, 'theirs'), insert(ours, 'ours')])).toEqual([['theirs'], ['ours']])
    expect(await insert(convexTest({ schema, modules }), 'new')).toEqual(['new'])
    expect(await insert(ours, 'again')).toEqual(['ours', 'again'])
  })

  it('runs no cron jobs', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const t = embeddedTest({ functionsDir: `${FIXTURES}crons` })
    onTestFinished(() => t.close())
    const runs = () => t.query(query('jobs:runs'), { name: 'every second' })
    expect(await runs()).toBe(0)
    vi.advanceTimersByTime(10_000)
    await t.finishInProgressScheduledFunctions()
    expect(await runs()).toBe(0)
  })

  it('answers 500 for an HTTP action that throws, as a deployment does', async () => {
    const t = openEmbedded()
    expect((await t.fetch('/greet', { method: 'POST', body: 'no JSON' })).status).toBe(500)
  })

  it('says what it cannot do', async () => {
    const t = openEmbedded()
    expect(() => t.registerComponent('x', schema, {})).toThrow('does not support components')
    await expect(t.run((ctx) => ctx.storage.getUrl('x' as never))).rejects.toThrow('does not support')
    const other = embeddedTest({ functionsDir: `${FIXTURES}crons`, schema })
    onTestFinished(() => other.close())
    await expect(other.query(query('jobs:runs'), { name: 'x' })).rejects.toThrow('not that of')
    const missing = embeddedTest({ functionsDir: `${FIXTURES}missing` })
    onTestFinished(() => missing.close())
    await expect(missing.query(query('x:y'), {})).rejects.toMatchObject({ code: 'FUNCTIONS_FOLDER_MISSING' })
  })

  it('takes nothing more when it is closed', async () => {
    const t = embeddedTest({ functionsDir })
    await t.mutation(mutation('runtime:schedule'), { name: 'x', delayMs: 0 })
    await Promise.all([t.close(), t[Symbol.asyncDispose]()])
    await expect(counter(t as never, 'x')).rejects.toThrow('closed')
  })
})
