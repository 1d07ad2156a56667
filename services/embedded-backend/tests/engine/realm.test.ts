import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { admin, call, eventually, mutate, openTestEngine, query, valueOf } from './openTestEngine'

describe('the realm of the functions', () => {
  it('has web APIs and no Node globals', async () => {
    const engine = await openTestEngine()
    expect(await query(engine, 'runtime:globals')).toEqual({
      ...{
        require: 'undefined',
        Buffer: 'undefined',
        global: 'undefined',
        setImmediate: 'undefined',
        __dirname: 'undefined',
      },
      ...{ process: 'object', fetch: 'function', URL: 'function', crypto: 'object' },
    })
    expect(await query(engine, 'runtime:processKeys')).toEqual(['env'])
  })

  it('freezes time within a query', async () => {
    const engine = await openTestEngine()
    const [now, sameNow, parses, later, sameLater] = (await query(engine, 'runtime:time')) as unknown[]
    expect(parses).toBe(true)
    expect([sameNow, later, sameLater]).toEqual([now, now, now])
    expect(Math.abs(Date.now() - Number(now))).toBeLessThan(10_000)
  })

  it('keeps Date what it is otherwise', async () => {
    const engine = await openTestEngine()
    expect(await query(engine, 'runtime:timeKinds')).toEqual([true, 5, 7, true])
  })

  it('seeds randomness anew for each call', async () => {
    const engine = await openTestEngine()
    const [first, second] = [await query(engine, 'runtime:random'), await query(engine, 'runtime:random')]
    expect(first).not.toEqual(second)
    for (const value of [first, second].flat()) expect(value).toSatisfy((x: number) => x >= 0 && x < 1)
  })

  it('refuses the network in mutations', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'runtime:fetches')).rejects.toThrow(
      "Can't use fetch() in queries and mutations",
    )
  })

  it('makes errors and bytes of web APIs instances of its own classes', async () => {
    const engine = await openTestEngine()
    expect(valueOf(await engine.action(call('runtime:webErrors')))).toEqual([true, true, true, true, 32])
  })

  it('shows the environment, its changes, and the addresses', async () => {
    const engine = await openTestEngine()
    expect(await query(engine, 'runtime:environment', { name: 'CONVEX_SITE_URL' })).toBe(
      'http://127.0.0.1:1/http',
    )
    expect(await query(engine, 'runtime:environment', { name: 'PATH' })).toBeNull()
    await engine.environment.update([
      { name: 'AT_IMPORT', value: 'set' },
      { name: 'GONE', value: 'x' },
    ])
    expect(await query(engine, 'runtime:environment', { name: 'AT_IMPORT' })).toBe('set')
    expect(await query(engine, 'runtime:environmentAtImport')).toBe('set')
    await engine.environment.update([{ name: 'GONE', value: null }])
    expect(engine.environment.list()).toEqual([{ name: 'AT_IMPORT', value: 'set' }])
    await expect(engine.environment.update([{ name: 'not a name', value: 'x' }])).rejects.toThrow(
      'not a name',
    )
  })

  it('reads auth.config.ts with the address', async () => {
    const engine = await openTestEngine()
    expect(engine.authProviders()).toEqual([{ domain: 'http://127.0.0.1:1/http', applicationID: 'convex' }])
  })

  it('collects what functions print', async () => {
    const engine = await openTestEngine()
    const { outcome } = await engine.query(call('runtime:talks'))
    expect(outcome.logLines).toEqual(["[LOG] 'hello' { a: 1 }", "[WARN] 'careful'"])
    const { entries, newCursor } = await engine.logsAfter(0, 0)
    const entry = entries.find(({ identifier }) => identifier === 'runtime:talks')
    expect(entry).toMatchObject({ kind: 'Completion', udfType: 'Query', error: null })
    expect(entry?.logLines.map(({ level }) => level)).toEqual(['LOG', 'WARN'])
    const waiting = engine.logsAfter(newCursor, 5_000)
    await query(engine, 'runtime:random')
    expect((await waiting).entries.map(({ identifier }) => identifier)).toEqual(['runtime:random'])
    expect(await engine.logsAfter(newCursor + 1, 1)).toEqual({ entries: [], newCursor: newCursor + 1 })
  })

  it('tells functions who calls', async () => {
    const engine = await openTestEngine()
    const attributes = { tokenIdentifier: 'i|s', subject: 's', issuer: 'i', email: 'a@b.c' }
    expect(await query(engine, 'runtime:whoAmI')).toBeNull()
    expect(await query(engine, 'runtime:whoAmI', {}, { kind: 'user', attributes })).toEqual(attributes)
    expect(await query(engine, 'runtime:whoAmI', {}, { kind: 'admin', actingAs: attributes })).toEqual(
      attributes,
    )
  })

  it('survives a promise that nobody awaited', async () => {
    // Vitest's own listeners would take it for a failure of the test.
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    onTestFinished(() => others.forEach((listener) => process.on('unhandledRejection', listener)))
    let warnings = 0
    const logger = pino({ level: 'warn' }, { write: () => (warnings += 1) })
    const engine = await openTestEngine({ logger })
    await engine.action(call('unawaited:hangs'))
    await eventually(() => warnings === 1)
    expect(await query(engine, 'notes:countAll')).toBe(0)
  })

  it('takes nothing that one left running for something of the next one', async () => {
    const engine = await openTestEngine()
    const next = engine.mutation(call('unawaited:writesAfterItsEnd'))
    const slow = engine.mutation(call('unawaited:insertsSlowly', {}, admin))
    expect((await next).outcome.kind).toBe('ok')
    expect((await slow).outcome.kind).toBe('ok')
    expect(await query(engine, 'runtime:counter', { name: 'second half' })).toBe(1)
    expect(await query(engine, 'runtime:counter', { name: 'late' })).toBe(0)
  })

  it('routes HTTP requests to HTTP actions', async () => {
    const engine = await openTestEngine()
    const post = (path: string) =>
      engine.http(new Request(`http://x${path}`, { method: 'POST', body: JSON.stringify({ name: 'ann' }) }))
    const response = await post('/greet')
    expect([response.status, response.headers.get('x-greeting'), await response.text()]).toEqual([
      201,
      'yes',
      'hello ann',
    ])
    expect(await query(engine, 'runtime:counter', { name: 'ann' })).toBe(1)
    expect((await post('/nowhere')).status).toBe(404)
    const failing = await engine.http(new Request('http://x/any/thing'))
    expect(failing.status).toBe(500)
  })
})
