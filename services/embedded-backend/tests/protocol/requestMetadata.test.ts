import { ConvexHttpClient } from 'convex/browser'
import { makeFunctionReference } from 'convex/server'
import { expect, test, vi } from 'vitest'
import { api } from './api'
import { connectClient, startTestBackend } from './startTestBackend'
import { asDataAddress, testIssuer } from './testTokens'

interface Metadata {
  ip: string | null
  userAgent: string | null
  requestId: string
  scheduledFunctionId: string | null
  authToken: string | null
}

type Nothing = Record<string, never>

const requests = {
  ofMutation: makeFunctionReference<'mutation', Nothing, Metadata>('requests:ofMutation'),
  ofAction: makeFunctionReference<'action', Nothing, Metadata[]>('requests:ofAction'),
  ofNestedMutation: makeFunctionReference<'mutation', Nothing, Metadata[]>('requests:ofNestedMutation'),
  ofQuery: makeFunctionReference<'query', Nothing, string>('requests:ofQuery'),
  later: makeFunctionReference<'mutation', Nothing, string>('requests:later'),
  laterInAction: makeFunctionReference<'mutation', Nothing, string>('requests:laterInAction'),
}

const known = { ip: '127.0.0.1', scheduledFunctionId: null, authToken: null }

test('a function is told where a call over HTTP or the WebSocket comes from', async () => {
  const { url } = await startTestBackend()
  const overHttp = await new ConvexHttpClient(url, { logger: false }).mutation(requests.ofMutation, {})
  expect(overHttp).toMatchObject({ ...known, userAgent: 'node' })
  const client = connectClient(url, { 'User-Agent': 'socket/1', Authorization: 'Bearer not.a.token' })
  const overSocket = await client.mutation(requests.ofMutation, {})
  expect(overSocket).toMatchObject({ ...known, userAgent: 'socket/1' })
  const again = await client.mutation(requests.ofMutation, {})
  expect(new Set([overHttp, overSocket, again].map(({ requestId }) => requestId)).size).toBe(3)
})

test('a WebSocket without a User-Agent header has none', async () => {
  const { url } = await startTestBackend()
  expect(await connectClient(url).mutation(requests.ofMutation, {})).toMatchObject({ userAgent: null })
})

test('an HTTP action is told who asks', async () => {
  const { siteUrl } = await startTestBackend()
  const headers = { 'User-Agent': 'curl/8', 'X-Forwarded-For': '203.0.113.7' }
  const answer = (await (await fetch(`${siteUrl}/request`, { headers })).json()) as Metadata
  expect(answer).toMatchObject({ ...known, userAgent: 'curl/8' })
  expect(answer.requestId).not.toBe('')
})

test('a token is passed on if it was accepted, and the admin key never', async () => {
  const issuer = await testIssuer()
  const { url, siteUrl, adminKey } = await startTestBackend({
    env: { CUSTOM_KEYS: asDataAddress(issuer.jwks) },
  })
  const token = await issuer.sign({ issuer: 'https://issuer.test', audience: 'custom' })
  const forged = await (await testIssuer()).sign({ issuer: 'https://issuer.test', audience: 'custom' })

  const http = new ConvexHttpClient(url, { auth: token, logger: false })
  expect(await http.mutation(requests.ofMutation, {})).toMatchObject({ authToken: token })
  const socket = connectClient(url)
  socket.setAuth(() => Promise.resolve(token))
  expect(await socket.mutation(requests.ofMutation, {})).toMatchObject({ authToken: token })
  socket.client.clearAuth()
  expect(await socket.mutation(requests.ofMutation, {})).toMatchObject({ authToken: null })

  const ask = async (Authorization: string) =>
    ((await (await fetch(`${siteUrl}/request`, { headers: { Authorization } })).json()) as Metadata).authToken
  expect(await ask(`Bearer ${token}`)).toBe(token)
  expect(await ask(`Bearer ${forged}`)).toBeNull()
  expect(await ask(`Convex ${adminKey}`)).toBeNull()
})

test('a query is refused', async () => {
  const { url } = await startTestBackend()
  const answer = new ConvexHttpClient(url, { logger: false }).query(requests.ofQuery, {})
  await expect(answer).rejects.toThrow('getRequestMetadata() can only be called from a mutation or action')
})

test('what a call calls belongs to the same request', async () => {
  const { url } = await startTestBackend()
  const client = new ConvexHttpClient(url, { logger: false })
  for (const answer of [
    client.action(requests.ofAction, {}),
    client.mutation(requests.ofNestedMutation, {}),
  ]) {
    const [own, called] = await answer
    expect(own).toMatchObject({ ...known, requestId: expect.stringMatching(/./) as unknown })
    expect(called).toEqual(own)
  }
})

test('headers that proxies set are not believed', async () => {
  const { url } = await startTestBackend()
  const response = await fetch(`${url}/api/mutation`, {
    method: 'POST',
    headers: { 'X-Forwarded-For': '203.0.113.7', Forwarded: 'for=203.0.113.7' },
    body: JSON.stringify({ path: 'requests:ofMutation', format: 'convex_encoded_json', args: [{}] }),
  })
  expect(await response.json()).toMatchObject({ value: known })
})

test.each([
  ['a mutation', requests.later],
  ['an action and what it calls', requests.laterInAction],
])('%s that was scheduled comes from nowhere, and knows which document it is', async (_what, later) => {
  const { url } = await startTestBackend()
  const client = new ConvexHttpClient(url, { logger: false })
  const scheduledFunctionId = await client.mutation(later, {})
  const [text = ''] = await vi.waitFor(async () => {
    const kept = await client.query(api.list, { room: 'requests' })
    expect(kept).toHaveLength(1)
    return kept
  })
  expect(JSON.parse(text)).toMatchObject({ ip: null, userAgent: null, authToken: null, scheduledFunctionId })
})
