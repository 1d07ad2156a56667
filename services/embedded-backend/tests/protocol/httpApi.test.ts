import { ConvexHttpClient } from 'convex/browser'
import { makeFunctionReference } from 'convex/server'
import { ConvexError } from 'convex/values'
import { expect, test } from 'vitest'
import { api } from './api'
import { startTestBackend } from './startTestBackend'

const room = { room: 'a' }

test('ConvexHttpClient runs queries, mutations and actions', async () => {
  const { url } = await startTestBackend()
  const client = new ConvexHttpClient(url, { logger: false })
  expect(await client.mutation(api.send, { ...room, text: 'x' })).toBe('X')
  expect(await client.query(api.list, room)).toEqual(['x'])
  expect(await client.action(api.echo, { text: 'hi', delayMs: 0 })).toBe('hi')
})

test('errors of functions keep message and data', async () => {
  const { url } = await startTestBackend()
  const client = new ConvexHttpClient(url, { logger: false })
  const spam = await client.mutation(api.send, { ...room, text: 'spam' }).catch((error: unknown) => error)
  expect(spam).toBeInstanceOf(ConvexError)
  expect(spam).toMatchObject({ data: { code: 'SPAM' } })
  await expect(client.mutation(api.send, { ...room, text: 'bug' })).rejects.toThrow('an ordinary error')
  await expect(client.mutation(api.purge, {})).rejects.toThrow('Could not find public function')
  const nothing = 'messages:nothing'
  for (const call of [
    client.query(makeFunctionReference<'query'>(nothing), {}),
    client.action(makeFunctionReference<'action'>(nothing), {}),
  ]) {
    await expect(call).rejects.toThrow('Could not find public function')
  }
})

test('a consistent query answers as of its timestamp, and says so when it cannot any more', async () => {
  const { url } = await startTestBackend()
  const client = new ConvexHttpClient(url, { logger: false })
  await client.mutation(api.send, { ...room, text: 'x' })
  const post = async (path: string, body: object) =>
    (await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<unknown>
  const { ts } = (await post('/api/query_ts', {})) as { ts: string }
  const then = () => post('/api/query_at_ts', { path: 'messages:list', args: [room], ts })
  expect(await then()).toMatchObject({ status: 'success', value: ['x'] })
  await client.mutation(api.send, { room: 'other', text: 'y' })
  expect(await then()).toMatchObject({ status: 'success', value: ['x'] })
  await client.mutation(api.send, { ...room, text: 'z' })
  expect(await then()).toMatchObject({ code: 'TimestampTooOld' })
})

test('/api/function is for the admin only, and runs internal functions', async () => {
  const { url, adminKey } = await startTestBackend()
  const ask = (authorization?: string) =>
    fetch(`${url}/api/function`, {
      method: 'POST',
      headers: authorization === undefined ? {} : { Authorization: authorization },
      body: JSON.stringify({ path: 'messages:purge', format: 'convex_encoded_json', args: {} }),
    })
  expect((await ask()).status).toBe(403)
  expect((await ask('Convex wrong')).status).toBe(401)
  expect((await ask('Basic abc')).status).toBe(401)
  const response = await ask(`Convex ${adminKey}`)
  expect(await response.json()).toMatchObject({ status: 'success', value: 0 })
})

test('the page that the server gave out may call the API, a page of another origin not', async () => {
  const { url } = await startTestBackend()
  const ask = (headers: Record<string, string>) =>
    fetch(`${url}/api/query`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ path: 'messages:constant', args: {} }),
    })
  expect((await ask({})).status).toBe(200)
  expect((await ask({ Origin: url })).status).toBe(200)
  for (const Origin of ['https://evil.test', 'http://127.0.0.1:1', 'null', `${url}.evil.test`]) {
    const refused = await ask({ Origin })
    expect(refused.status, Origin).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'ForeignOrigin' })
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  }
})

test.each([
  ['no JSON', 'POST', '/api/query', '{', 400, 'BadJsonBody'],
  ['no path', 'POST', '/api/query', '{"args":{}}', 400, 'BadJsonBody'],
  ['an unknown address', 'POST', '/api/nothing', '{}', 404, 'NotFound'],
  ['a wrong method', 'GET', '/api/query', undefined, 404, 'NotFound'],
])('%s is refused with a code', async (_what, method, path, body, status, code) => {
  const { url } = await startTestBackend()
  const response = await fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body }) })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ code })
})

test('version and instance name are plain text', async () => {
  const { url } = await startTestBackend()
  for (const path of ['/version', '/instance_name']) {
    const response = await fetch(`${url}${path}`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).not.toBe('')
  }
})

test('HTTP actions see body, headers, query and user, and answer with status and headers', async () => {
  const { siteUrl, adminKey } = await startTestBackend()
  const user = Buffer.from(
    JSON.stringify({ subject: 'ada', issuer: 'i', tokenIdentifier: 'i|ada' }),
  ).toString('base64')
  const response = await fetch(`${siteUrl}/echo?q=1`, {
    method: 'POST',
    headers: { 'X-Ask': 'asked', Authorization: `Convex ${adminKey}:${user}` },
    body: 'hello',
  })
  expect(response.status).toBe(201)
  expect(response.headers.get('x-echo')).toBe('asked')
  expect(response.headers.getSetCookie()).toEqual(['a=1'])
  expect(await response.text()).toBe('hello /echo?q=1 ada')
  const unknownToken = await fetch(`${siteUrl}/echo`, {
    method: 'POST',
    headers: { Authorization: 'Basic x' },
  })
  expect(await unknownToken.text()).toBe(' /echo nobody')
  expect((await fetch(`${siteUrl}/nowhere`)).status).toBe(404)
})
