import { decodeJwt, exportJWK, exportPKCS8, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Engine, UserAttributes } from '../../src/engine/types'
import { call, FIXTURES, nobody, openTestEngine, query, valueOf } from './openTestEngine'

const SITE_URL = 'http://127.0.0.1:1/http'

interface Tokens {
  tokens: { token: string; refreshToken: string } | null
}

async function engineWithKeys(): Promise<Engine> {
  const engine = await openTestEngine({ functionsDir: `${FIXTURES}auth` })
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const JWKS = JSON.stringify({ keys: [{ use: 'sig', alg: 'RS256', ...(await exportJWK(publicKey)) }] })
  const JWT_PRIVATE_KEY = (await exportPKCS8(privateKey)).trimEnd().replaceAll('\n', ' ')
  await engine.environment.update(
    Object.entries({ JWKS, JWT_PRIVATE_KEY, SITE_URL: 'http://127.0.0.1:1' }).map(([name, value]) => ({
      name,
      value,
    })),
  )
  return engine
}

async function signIn(engine: Engine, flow: 'signUp' | 'signIn', password: string): Promise<Tokens> {
  const args = { provider: 'password', params: { email: 'ann@example.org', password, flow } }
  return valueOf(await engine.action(call('auth:signIn', args))) as unknown as Tokens
}

/** What the protocol makes of a token that it has verified. */
function userOf(token: string): { kind: 'user'; attributes: UserAttributes } {
  const { sub = '', iss = '' } = decodeJwt(token)
  return { kind: 'user', attributes: { tokenIdentifier: `${iss}|${sub}`, subject: sub, issuer: iss } }
}

describe('Convex Auth', () => {
  it('signs up, in and out, with tokens that its own keys verify', async () => {
    const engine = await engineWithKeys()
    const { tokens } = await signIn(engine, 'signUp', 'long enough 1')
    const token = tokens?.token ?? ''
    const jwks = await engine.http(new Request('http://x/.well-known/jwks.json'))
    const { keys } = (await jwks.json()) as { keys: Parameters<typeof importJWK>[0][] }
    const key = await importJWK(keys[0] ?? {}, 'RS256')
    await jwtVerify(token, key, { issuer: SITE_URL, audience: 'convex' })

    expect(await query(engine, 'auth:me', {}, userOf(token))).toBe('ann@example.org')
    await expect(query(engine, 'auth:me', {}, nobody)).rejects.toThrow('not signed in')

    const again = await signIn(engine, 'signIn', 'long enough 1')
    expect(await query(engine, 'auth:me', {}, userOf(again.tokens?.token ?? ''))).toBe('ann@example.org')
    await expect(signIn(engine, 'signIn', 'not the password')).rejects.toThrow('InvalidSecret')

    const identity = userOf(token)
    valueOf(await engine.action({ ...call('auth:signOut'), identity }))
    const { tokens: refreshed } = valueOf(
      await engine.action(call('auth:signIn', { refreshToken: tokens?.refreshToken ?? '' })),
    ) as unknown as Tokens
    expect(refreshed).toBeNull()
  })

  it('refreshes a token, and gives nothing for a refresh token that was made up', async () => {
    const engine = await engineWithKeys()
    const { tokens } = await signIn(engine, 'signUp', 'long enough 1')
    const refresh = async (refreshToken: string) =>
      valueOf(await engine.action(call('auth:signIn', { refreshToken }))) as unknown as Tokens
    const real = tokens?.refreshToken ?? ''
    expect((await refresh(real)).tokens?.token).toMatch(/^ey/)
    // The ids in it are all that protects a session.
    const madeUp = (real.startsWith('0') ? '1' : '0') + real.slice(1)
    expect((await refresh(madeUp)).tokens).toBeNull()
  })
})
