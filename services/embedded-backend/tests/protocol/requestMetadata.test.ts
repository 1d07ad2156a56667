import { ConvexHttpClient } from 'convex/browser'
import { makeFunctionReference } from 'convex/server'
import { expect, test, vi } from 'vitest'
import { api } from './api'
import { connectClient, startTestBackend } from './startTestBackend'

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
  later: makeFunctionReference<'mutation', Nothing, string>('requests:later'),
}

const known = { ip: '127.0.0.1', scheduledFunctionId: null, authToken: null }

test('a function is told where a call over HTTP or the WebSocket comes from', async () => {
  const { url } = await startTestBackend()
  const overHttp = await new ConvexHttpClient(url, { logger: false }).mutation(requests.ofMutation, {})
  expect(overHttp).toMatchObject({ ...known, userAgent: 'node' })
  const overSocket = await connectClient(url).mutation(requests.ofMutation, {})
  expect(overSocket).toMatchObject(known)
  expect(overSocket.requestId).not.toBe(overHttp.requestId)
})

test('what a call calls belongs to the same request', async () => {
  const { url } = await startTestBackend()
  const [own, called] = await new ConvexHttpClient(url, { logger: false }).action(requests.ofAction, {})
  expect(own).toMatchObject(known)
  expect(called).toEqual(own)
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

test('what is scheduled comes from nowhere, and knows which document it is', async () => {
  const { url } = await startTestBackend()
  const client = new ConvexHttpClient(url, { logger: false })
  const scheduledFunctionId = await client.mutation(requests.later, {})
  const [text = ''] = await vi.waitFor(async () => {
    const kept = await client.query(api.list, { room: 'requests' })
    expect(kept).toHaveLength(1)
    return kept
  })
  expect(JSON.parse(text)).toMatchObject({ ip: null, userAgent: null, scheduledFunctionId })
})
