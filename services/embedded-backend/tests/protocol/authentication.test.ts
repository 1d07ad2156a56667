import { ConvexHttpClient } from 'convex/browser'
import { expect, test, vi } from 'vitest'
import { api } from './api'
import { RawSocket, transitions } from './RawSocket'
import { connectClient, startTestBackend } from './startTestBackend'
import { asDataAddress, testIssuer } from './testTokens'

const custom = { issuer: 'https://issuer.test', audience: 'custom' }

async function startWithIssuers() {
  const customIssuer = await testIssuer('ES256')
  const ownIssuer = await testIssuer('RS256')
  const env = { OIDC_KEYS: ownIssuer.jwks, CUSTOM_KEYS: asDataAddress(customIssuer.jwks) }
  const backend = await startTestBackend({ env })
  const own = { issuer: backend.siteUrl, audience: 'convex' }
  return { backend, customIssuer, ownIssuer, own }
}

test('a token of our own HTTP actions, found by OpenID discovery, makes a user', async () => {
  const { backend, ownIssuer, own } = await startWithIssuers()
  const client = connectClient(backend.url)
  const token = await ownIssuer.sign(own, {
    email: 'a@b.c',
    email_verified: true,
    given_name: 'Ada',
    role: 'x',
  })
  const changes: boolean[] = []
  client.setAuth(
    () => Promise.resolve(token),
    (authenticated) => void changes.push(authenticated),
  )
  await vi.waitFor(() => expect(changes).toEqual([true]))
  expect(await client.query(api.whoAmI, {})).toEqual({
    tokenIdentifier: `${backend.siteUrl}|user-1`,
    subject: 'user-1',
    issuer: backend.siteUrl,
    email: 'a@b.c',
    emailVerified: true,
    givenName: 'Ada',
    role: 'x',
  })
})

test('a custom JWT makes a user, nested claims are reached by dots', async () => {
  const { backend, customIssuer } = await startWithIssuers()
  const http = new ConvexHttpClient(backend.url)
  http.setAuth(await customIssuer.sign(custom, { properties: { plan: 'free' } }))
  expect(await http.query(api.whoAmI, {})).toMatchObject({ subject: 'user-1', 'properties.plan': 'free' })
})

test('signing in and out re-runs what the client is subscribed to', async () => {
  const { backend, customIssuer } = await startWithIssuers()
  const client = connectClient(backend.url)
  const subjects: unknown[] = []
  client.onUpdate(api.whoAmI, {}, (user) => void subjects.push(user?.subject ?? null))
  await vi.waitFor(() => expect(subjects).toEqual([null]))
  const token = await customIssuer.sign(custom)
  client.setAuth(() => Promise.resolve(token))
  await vi.waitFor(() => expect(subjects).toEqual([null, 'user-1']))
  client.client.clearAuth()
  await vi.waitFor(() => expect(subjects).toEqual([null, 'user-1', null]))
})

test.each([
  ['of an unknown issuer', { issuer: 'https://other.test', audience: 'custom' }, 'No auth provider'],
  ['for another application', { issuer: 'https://issuer.test', audience: 'other' }, 'No auth provider'],
  ['that has expired', { ...custom, expiresIn: -60 }, '"exp" claim'],
])('a token %s is refused', async (_what, options, message) => {
  const { backend, customIssuer } = await startWithIssuers()
  const token = await customIssuer.sign(options)
  const raw = await RawSocket.connect(backend.url)
  raw.say({ type: 'Authenticate', tokenType: 'User', value: token, baseVersion: 0 })
  const [error] = await raw.until('AuthError')
  expect(error).toMatchObject({
    baseVersion: 0,
    authUpdateAttempted: true,
    error: expect.stringContaining(message) as unknown,
  })
  await raw.untilClosed()
  const response = await fetch(`${backend.url}/api/query`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ path: 'users:whoAmI', args: {} }),
  })
  expect(response.status).toBe(401)
})

test('a token signed with a stranger’s key, without signature, or that is none, is refused', async () => {
  const { backend } = await startWithIssuers()
  const forger = await testIssuer('ES256')
  const forged = await forger.sign(custom)
  const [header = '', payload = ''] = forged.split('.')
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
  for (const token of [forged, unsigned, `${header}.${payload}.`, 'nonsense']) {
    const raw = await RawSocket.connect(backend.url)
    raw.say({ type: 'Authenticate', tokenType: 'User', value: token, baseVersion: 0 })
    await raw.until('AuthError')
    await raw.untilClosed()
    expect(transitions(raw)).toEqual([])
  }
})

test('keys that were exchanged are fetched again', async () => {
  const { backend, ownIssuer, own } = await startWithIssuers()
  const http = new ConvexHttpClient(backend.url)
  http.setAuth(await ownIssuer.sign(own))
  expect(await http.query(api.whoAmI, {})).toMatchObject({ subject: 'user-1' })
  const next = await testIssuer('RS256', 'key-2')
  await backend.engine.environment.update([{ name: 'OIDC_KEYS', value: next.jwks }])
  http.setAuth(await next.sign(own, { sub: 'user-2' }))
  await vi.waitFor(
    async () => expect(await http.query(api.whoAmI, {})).toMatchObject({ subject: 'user-2' }),
    {
      timeout: 5_000,
      interval: 200,
    },
  )
})

test('when a token expires the client is told, and goes on with a new one', async () => {
  const { backend, customIssuer } = await startWithIssuers()
  // Five seconds of tolerance for clocks that differ.
  const shortLived = await customIssuer.sign({ ...custom, expiresIn: -4 })
  const raw = await RawSocket.connect(backend.url)
  raw.say({ type: 'Authenticate', tokenType: 'User', value: shortLived, baseVersion: 0 })
  await raw.until('Transition')
  const [error] = await raw.until('AuthError')
  expect(error).toMatchObject({ baseVersion: 0, authUpdateAttempted: false })
  await raw.untilClosed()

  const client = connectClient(backend.url)
  const lasting = await customIssuer.sign(custom)
  const tokens = [await customIssuer.sign({ ...custom, expiresIn: -4 })]
  const changes: boolean[] = []
  client.setAuth(
    ({ forceRefreshToken }) => Promise.resolve(forceRefreshToken ? lasting : (tokens[0] ?? lasting)),
    (authenticated) => void changes.push(authenticated),
  )
  await vi.waitFor(() => expect(changes).toContain(true))
  await vi.waitFor(
    async () => expect(await client.query(api.whoAmI, {})).toMatchObject({ subject: 'user-1' }),
    5_000,
  )
})

test('the admin key opens internal functions and acts as a user; a wrong one is refused', async () => {
  const { url, adminKey } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  const impersonating = { subject: 's', issuer: 'i', tokenIdentifier: 'i|s' }
  raw.say({ type: 'Authenticate', tokenType: 'Admin', value: adminKey, baseVersion: 0, impersonating })
  raw.subscribe(0, [{ queryId: 0, udfPath: 'users:whoAmI' }])
  raw.mutate(0, 'messages:purge', {})
  expect(await raw.until('MutationResponse')).toMatchObject([{ success: true }])
  await vi.waitFor(() =>
    expect(transitions(raw).flatMap((t) => t.modifications)[0]?.value).toEqual(impersonating),
  )

  const wrong = await RawSocket.connect(url)
  wrong.say({ type: 'Authenticate', tokenType: 'Admin', value: `${adminKey}x`, baseVersion: 0 })
  expect(await wrong.until('AuthError')).toMatchObject([{ authUpdateAttempted: true }])
  await wrong.untilClosed()
})

test('system queries are for the admin only', async () => {
  const { url } = await startTestBackend({ env: { SECRET: 'do not tell' } })
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: '_system/cli/queryEnvironmentVariables:default' }])
  await raw.until('Transition')
  expect(JSON.stringify(raw.received)).not.toContain('do not tell')
  expect(transitions(raw)[0]?.modifications[0]?.type).toBe('QueryFailed')
})
