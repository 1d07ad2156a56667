import { expect, test } from 'vitest'
import { ConvexHttpClient } from 'convex/browser'
import { api } from '../protocol/api'
import { startTestBackend, temporaryDir } from '../protocol/startTestBackend'

interface Logs {
  entries: { identifier: string; udfType: string; error: string | null; logLines: { messages: string[] }[] }[]
  newCursor: number
}

test('logs: the first answer comes at once, the next when something happened', async () => {
  const { url, adminKey } = await startTestBackend()
  const poll = async (cursor: number) => {
    const headers = { Authorization: `Convex ${adminKey}` }
    const response = await fetch(`${url}/api/stream_function_logs?cursor=${cursor}`, { headers })
    return (await response.json()) as Logs
  }
  const first = await poll(0)
  expect(first.entries).toEqual([])
  const waiting = poll(first.newCursor)
  const client = new ConvexHttpClient(url, { logger: false })
  await client.mutation(api.send, { room: 'a', text: 'x' })
  const { entries, newCursor } = await waiting
  expect(entries).toMatchObject([{ kind: 'Completion', udfType: 'Mutation', error: null }])
  expect(JSON.stringify(entries)).toContain('sent')
  await client.mutation(api.send, { room: 'a', text: 'bug' }).catch(() => undefined)
  const next = await poll(newCursor)
  expect(next.entries).toHaveLength(1)
  expect(next.entries[0]?.error).toContain('an ordinary error')
})

test('environment variables are changed together, or not at all', async () => {
  const { url, adminKey, engine } = await startTestBackend({ env: { KEPT: 'a', GONE: 'b' } })
  const change = (changes: object[], key = adminKey) =>
    fetch(`${url}/api/update_environment_variables`, {
      method: 'POST',
      headers: { Authorization: `Convex ${key}` },
      body: JSON.stringify({ changes }),
    })
  expect((await change([{ name: 'NEW', value: 'c' }], 'wrong')).status).toBe(401)
  expect(
    (
      await change([
        { name: 'NEW', value: 'c' },
        { name: 'not good', value: 'd' },
      ])
    ).status,
  ).toBe(400)
  expect(
    engine.environment
      .list()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['GONE', 'KEPT'])
  expect(
    (
      await change([
        { name: 'NEW', value: 'c' },
        { name: 'GONE', value: null },
      ])
    ).status,
  ).toBe(200)
  expect(
    engine.environment
      .list()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['KEPT', 'NEW'])
})

test('seeded variables never replace what was set', async () => {
  const dataDir = await temporaryDir()
  const first = await startTestBackend({ dataDir, env: { A: 'seed' } })
  expect(first.engine.environment.list()).toEqual([{ name: 'A', value: 'seed' }])
  await first.engine.environment.update([{ name: 'A', value: 'changed' }])
  await first.close()
  const second = await startTestBackend({ dataDir, env: { A: 'seed', B: 'new' } })
  expect(second.engine.environment.list()).toEqual([
    { name: 'A', value: 'changed' },
    { name: 'B', value: 'new' },
  ])
})

test('the admin key can be checked', async () => {
  const { url, adminKey } = await startTestBackend()
  const check = (key: string) =>
    fetch(`${url}/api/check_admin_key`, { headers: { Authorization: `Convex ${key}` } })
  expect((await check(adminKey)).status).toBe(200)
  expect((await check('wrong')).status).toBe(401)
})
