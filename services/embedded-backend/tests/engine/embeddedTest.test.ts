import { convexTest, type TestConvex } from 'convex-test'
import type { DefaultFunctionArgs } from 'convex/server'
import { ConvexError } from 'convex/values'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import schema from '../fixtures/app/schema'
import { action, bump, counter, modules, mutation, openEmbedded, query } from './embeddedTestCalls'

/** What is asked here is what a suite may rely on that is moved from the one to the other. */
describe.each([
  { on: 'convex-test', open: () => convexTest({ schema, modules }) },
  { on: 'the embedded engine', open: openEmbedded },
])('call shapes on $on', ({ open }) => {
  it('calls functions by reference, internal ones too', async () => {
    const t = open()
    const id = await t.mutation(mutation('notes:add'), { owner: 'ann', text: 'first' })
    expect(await t.query(query('notes:get'), { id })).toMatchObject({ _id: id, text: 'first' })
    expect(await t.query(query('notes:secret'), {})).toBe('secret')
    expect(await t.action(action('runtime:bumpInAction'), { name: 'acted' })).toBeNull()
    expect(await counter(t, 'acted')).toBe(1)
  })

  it('runs functions of the test, with its closure, in a transaction', async () => {
    const t = open()
    const owner = 'closed over'
    const id = await t.run((ctx) => ctx.db.insert('notes', { owner, text: 'x', rank: 7n }))
    expect(await t.query((ctx) => ctx.db.get(id))).toMatchObject({ owner, rank: 7n })
    const renamed = await t.mutation(async (ctx) => {
      await ctx.db.patch(id, { text: 'y' })
      await ctx.runMutation(bump, { name: 'nested' })
      return await ctx.db
        .query('notes')
        .withIndex('by_owner', (q) => q.eq('owner', owner))
        .unique()
    })
    expect(renamed).toMatchObject({ _id: id, text: 'y' })
    expect(await t.run<unknown>(() => Promise.resolve(undefined))).toBeNull()
    expect(await counter(t, 'nested')).toBe(1)
  })

  it('runs actions of the test, each call of theirs a transaction', async () => {
    const t = open()
    const call = t.action(async (ctx) => {
      await ctx.runMutation(bump, { name: 'kept' })
      throw new RangeError('after the first')
    })
    await expect(call).rejects.toBeInstanceOf(RangeError)
    expect(await t.action((ctx) => ctx.runQuery(query('runtime:counter'), { name: 'kept' }))).toBe(1)
  })

  it('takes back what a function of the test wrote before it threw', async () => {
    const t = open()
    const failure = new Error('changed my mind')
    const call = t.run(async (ctx) => {
      await ctx.db.insert('counters', { name: 'never', value: 1 })
      await ctx.scheduler.runAfter(0, bump, { name: 'never' })
      throw failure
    })
    await expect(call).rejects.toBe(failure)
    expect(await counter(t, 'never')).toBe(0)
    expect(await t.query(query('runtime:scheduled'), {})).toEqual([])
  })

  it('holds functions of the test to the schema, and queries to reading', async () => {
    const t = open()
    await expect(t.run((ctx) => ctx.db.insert('notes', { owner: 'x' } as never))).rejects.toThrow('text')
    expect(await t.query((ctx) => Promise.resolve('insert' in ctx.db))).toBe(false)
  })

  it('rejects with what a function threw', async () => {
    const t = open()
    const fails = (how: string) => t.mutation(mutation('notes:fails'), { how })
    await expect(fails('plain')).rejects.toThrow(/^boom$/)
    const refusal = await fails('convex').catch((thrown: unknown) => thrown)
    expect(refusal).toBeInstanceOf(ConvexError)
    expect(refusal).toMatchObject({ data: { code: 'FORBIDDEN' } })
    const nested = t.run((ctx) => ctx.runMutation(mutation('notes:fails'), { how: 'convex' }))
    await expect(nested).rejects.toMatchObject({ data: { code: 'FORBIDDEN' } })
    const own = t.run(() => Promise.reject(new ConvexError({ code: 'MINE' })))
    await expect(own).rejects.toMatchObject({ data: { code: 'MINE' } })
    await expect(t.mutation(mutation('notes:add'), { owner: 5 })).rejects.toThrow()
    expect(await t.query(query('notes:countAll'), {})).toBe(0)
  })

  it('calls as somebody, without changing who others are', async () => {
    const t = open()
    const ann = t.withIdentity({ subject: 'ann', name: 'Ann' })
    const whoAmI = query('runtime:whoAmI')
    const expected = { subject: 'ann', name: 'Ann', issuer: 'https://convex.test' }
    expect(await ann.query(whoAmI, {})).toEqual({ ...expected, tokenIdentifier: 'https://convex.test|ann' })
    expect(await ann.withIdentity({ name: 'Bob' }).query(whoAmI, {})).toMatchObject({
      subject: '1948556408',
      tokenIdentifier: 'https://convex.test|1948556408',
    })
    expect(await ann.run((ctx) => ctx.auth.getUserIdentity())).toMatchObject({ subject: 'ann' })
    expect(await t.query(whoAmI, {})).toBeNull()
  })

  it('calls from somewhere', async () => {
    const t = open()
    const request = (caller: Pick<typeof t, 'mutation'>) =>
      caller.mutation((ctx) => ctx.meta.getRequestMetadata())
    const there = t.withIdentity({ subject: 'ann' }).withRequestMetadata({ ip: '10.0.0.1' })
    const { authToken, ...rest } = await request(there)
    expect(rest).toMatchObject({ ip: '10.0.0.1', userAgent: null, scheduledFunctionId: null })
    const [, payload = ''] = authToken?.split('.') ?? []
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      sub: 'ann',
      iss: 'https://convex.test',
    })
    expect(await request(t)).toMatchObject({ ip: null, authToken: null })
  })

  it('fetches from HTTP actions', async () => {
    const t = open()
    const response = await t.fetch('/greet', { method: 'POST', body: '{"name":"ann"}' })
    expect([response.status, await response.text()]).toEqual([201, 'hello ann'])
    expect(response.headers.get('x-greeting')).toBe('yes')
    expect(await counter(t, 'ann')).toBe(1)
    expect((await t.fetch('/nowhere')).status).toBe(404)
    await expect(t.fetch('nowhere')).rejects.toThrow('/')
  })

  it('shows functions the variables of the test', async () => {
    onTestFinished(() => void vi.unstubAllEnvs())
    const t = open()
    const read = () => t.query(query('runtime:environment'), { name: 'EMBEDDED_TEST' })
    expect(await read()).toBeNull()
    vi.stubEnv('EMBEDDED_TEST', 'set later')
    expect(await read()).toBe('set later')
  })

  describe('on fake time', () => {
    beforeEach(() => void vi.useFakeTimers({ now: 60_000_000 }))
    afterEach(() => void vi.useRealTimers())

    const schedule = (t: TestConvex<typeof schema>, args: DefaultFunctionArgs) =>
      t.mutation(mutation('runtime:schedule'), args)
    const states = (t: TestConvex<typeof schema>) => t.query(query('runtime:scheduled'), {})

    it('runs what is scheduled when the test’s time comes there, not earlier', async () => {
      const t = open()
      // 1,001 ms are no exact number of seconds.
      await schedule(t, { name: 'due', delayMs: 1_001 })
      vi.advanceTimersByTime(1_000)
      await t.finishInProgressScheduledFunctions()
      expect(await states(t)).toEqual(['runtime:bump pending'])
      vi.advanceTimersByTime(1)
      await t.finishInProgressScheduledFunctions()
      expect(await states(t)).toEqual(['runtime:bump success'])
      expect(await counter(t, 'due')).toBe(1)
      expect(await t.run((ctx) => ctx.db.query('counters').collect())).toMatchObject([
        { _creationTime: expect.closeTo(60_001_001, 0) as number },
      ])
    })

    it('finishes all that is in progress, however many', async () => {
      const t = open()
      await schedule(t, { name: 'many', delayMs: 500, times: 150 })
      vi.advanceTimersByTime(500)
      await t.finishInProgressScheduledFunctions()
      expect(await counter(t, 'many')).toBe(150)
    })

    it('finishes all that is scheduled, actions that wait and failures too', async () => {
      const onError = vi.spyOn(console, 'error').mockReturnValue()
      onTestFinished(() => onError.mockRestore())
      const t = open()
      await schedule(t, { name: 'slow', delayMs: 86_400_000, path: 'runtime:bumpInAction', waitMs: 60_000 })
      await schedule(t, { name: 'fails', delayMs: 0, path: 'runtime:bumpFails' })
      await t.finishAllScheduledFunctions(vi.runAllTimers)
      expect(await states(t)).toEqual(['runtime:bumpInAction success', 'runtime:bumpFails failed'])
      expect([await counter(t, 'slow'), await counter(t, 'fails')]).toEqual([1, 0])
    })

    it('leaves alone what the test’s time does not reach', async () => {
      const t = open()
      await schedule(t, { name: 'weeks', delayMs: 20 * 86_400_000 })
      await t.finishAllScheduledFunctions(() => vi.advanceTimersByTime(10))
      expect(await states(t)).toEqual(['runtime:bump pending'])
    })
  })
})
