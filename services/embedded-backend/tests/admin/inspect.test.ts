import { ConvexHttpClient } from 'convex/browser'
import { makeFunctionReference } from 'convex/server'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { FunctionMetrics } from '../../src/admin/CallMetrics'
import type { CronJob, ScheduledFunction, TableSize } from '../../src/engine/types'
import { api } from '../protocol/api'
import { startTestBackend } from '../protocol/startTestBackend'

type Backend = Awaited<ReturnType<typeof startTestBackend>>

interface Documents extends TableSize {
  page: { text: string }[]
  isDone: boolean
  continueCursor: string
}

const fixtures = join(import.meta.dirname, '../fixtures')
const parts = ['tables', 'documents?table=messages', 'functions', 'scheduled', 'crons']

function ask({ url, adminKey }: Backend, part: string, key = adminKey): Promise<Response> {
  return fetch(`${url}/api/inspect/${part}`, { headers: { Authorization: `Convex ${key}` } })
}

async function read<T>(backend: Backend, part: string): Promise<T> {
  const response = await ask(backend, part)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

async function metricsOf(backend: Backend, path: string): Promise<FunctionMetrics | undefined> {
  const { called } = await read<{ called: FunctionMetrics[] }>(backend, 'functions')
  return called.find((one) => one.path === path)
}

const send = (backend: Backend, text: string) =>
  new ConvexHttpClient(backend.url, { logger: false }).mutation(api.send, { room: 'a', text })

test('nothing is shown without the admin key, or to another page', async () => {
  const backend = await startTestBackend()
  for (const part of parts) {
    expect((await fetch(`${backend.url}/api/inspect/${part}`)).status).toBe(403)
    expect((await ask(backend, part, 'wrong')).status).toBe(401)
    // A key in the address, which browsers keep and servers log, is none.
    const inAddress = `${part}${part.includes('?') ? '&' : '?'}key=${backend.adminKey}`
    expect((await fetch(`${backend.url}/api/inspect/${inAddress}`)).status).toBe(403)
  }
  const headers = { Authorization: `Convex ${backend.adminKey}`, Origin: 'http://evil.test' }
  expect((await fetch(`${backend.url}/api/inspect/tables`, { headers })).status).toBe(403)
})

test('documents come newest first, a bounded page at a time, with the size of their table', async () => {
  const backend = await startTestBackend()
  for (const text of ['one', 'two', 'three']) await send(backend, text)
  const { tables } = await read<{ tables: object[] }>(backend, 'tables')
  expect(tables).toContainEqual({ name: 'messages', documents: 3 })
  const first = await read<Documents>(backend, 'documents?table=messages&limit=2')
  expect(first).toMatchObject({ documents: 3, isDone: false, page: [{ text: 'three' }, { text: 'two' }] })
  const cursor = encodeURIComponent(first.continueCursor)
  const rest = await read<Documents>(backend, `documents?table=messages&limit=2&cursor=${cursor}`)
  expect(rest.page.map(({ text }) => text)).toEqual(['one'])
  expect(rest.bytes).toBe(first.bytes)
  await send(backend, 'four')
  expect((await read<Documents>(backend, 'documents?table=messages')).bytes).toBeGreaterThan(first.bytes)
  for (const limit of ['0', '101', 'many']) {
    expect((await ask(backend, `documents?table=messages&limit=${limit}`)).status).toBe(400)
  }
  expect((await ask(backend, 'documents?table=nothing')).status).toBe(404)
})

test('calls are counted as they end, with errors and times; those of no function together', async () => {
  const backend = await startTestBackend()
  await send(backend, 'one')
  await send(backend, 'two')
  await send(backend, 'bug').catch(() => undefined)
  const sent = await metricsOf(backend, 'messages:send')
  expect(sent).toMatchObject({ type: 'Mutation', calls: 3, errors: 1 })
  expect(sent?.lastError?.message).toContain('an ordinary error')
  const { p50Ms = 0, p99Ms = 0, maxMs = 0, meanMs = 0 } = sent ?? {}
  expect([0 < p50Ms, p50Ms <= p99Ms, p99Ms <= maxMs, meanMs <= maxMs]).toEqual([true, true, true, true])
  const client = new ConvexHttpClient(backend.url, { logger: false })
  for (const name of ['a', 'b', 'c']) {
    const unknown = makeFunctionReference<'mutation'>(`nowhere:${name}`)
    await client.mutation(unknown, {}).catch(() => undefined)
  }
  expect(await metricsOf(backend, 'nowhere:a')).toBeUndefined()
  expect(await metricsOf(backend, '(no such function)')).toMatchObject({ calls: 3, errors: 3 })
})

test('crons are shown with when they run next, and what became of each the last time', async () => {
  const backend = await startTestBackend({ functionsDir: join(fixtures, 'crons') })
  await vi.waitFor(async () => {
    const { crons } = await read<{ crons: CronJob[] }>(backend, 'crons')
    const jobs = new Map(crons.map((job) => [job.name, job]))
    expect(jobs.get('failing')?.lastRun?.error).toContain('never works')
    expect(jobs.get('every hour')).toMatchObject({ path: 'jobs:run', lastRun: { error: null } })
    // The same function ran for another job.
    expect(jobs.get('every day')).toMatchObject({ path: 'jobs:run', lastRun: null })
    expect(crons.every(({ nextRun }) => nextRun !== null && nextRun > Date.now() - 5_000)).toBe(true)
  })
  // What ran before anybody could ask is counted, too.
  expect((await metricsOf(backend, 'jobs:run'))?.calls).toBeGreaterThan(0)
})

test('scheduled functions are shown while they wait, in their order, and when they failed', async () => {
  const backend = await startTestBackend({ functionsDir: join(fixtures, 'app') })
  const client = new ConvexHttpClient(backend.url, { logger: false })
  const schedule = makeFunctionReference<'mutation'>('runtime:schedule')
  await client.mutation(schedule, { name: 'b', delayMs: 7_200_000, times: 120 })
  await client.mutation(schedule, { name: 'a', delayMs: 3_600_000 })
  await client.mutation(schedule, { name: 'x', delayMs: 0, path: 'runtime:bumpFails' })
  await vi.waitFor(async () => {
    const scheduled = await read<Record<'pending' | 'failed', ScheduledFunction[]>>(backend, 'scheduled')
    expect(scheduled.failed).toMatchObject([{ path: 'runtime:bumpFails', state: 'failed' }])
    expect(scheduled.failed[0]?.error).not.toBeNull()
    expect(scheduled.pending).toHaveLength(100)
    expect(scheduled.pending[0]).toMatchObject({ path: 'runtime:bump', args: '{"name":"a"}' })
  })
})

test('the page is served with a strict policy and without a secret, whatever page there is', async () => {
  const { url, adminKey } = await startTestBackend()
  const page = await fetch(`${url}/_inspect`)
  const html = await page.text()
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
  const linked = [...html.matchAll(/(?:src|href)="(\/_inspect\/[^"]+)"/g)].map(([, path = '']) => path)
  expect(linked.length).toBeGreaterThan(3)
  expect(html).not.toMatch(/<script(?![^>]*src=)|style=|\son\w+=/)
  for (const path of linked) {
    const file = await fetch(url + path)
    expect(file.status).toBe(200)
    expect(await file.text()).not.toContain(adminKey)
  }
  expect((await fetch(`${url}/_inspect/..%2f..%2findex.ts`)).status).toBe(404)
  expect((await fetch(`${url}/_inspector`)).status).toBe(404)
})
