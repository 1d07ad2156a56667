import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { limits } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { sha256 } from '../convex/model/tokens'
import { expectRefusal, readWorker, register, useBackend } from './setup'

const backend = useBackend()

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  vi.stubEnv('JWT_PRIVATE_KEY', (await exportPKCS8(privateKey)).trimEnd().replaceAll('\n', ' '))
  vi.stubEnv('JWKS', JSON.stringify({ keys: [{ use: 'sig', ...(await exportJWK(publicKey)) }] }))
  vi.stubEnv('SITE_URL', 'http://127.0.0.1:3210')
  vi.stubEnv('CONVEX_SITE_URL', 'http://127.0.0.1:3210/http')
  // Convex Auth logs every step to the console otherwise.
  vi.stubEnv('AUTH_LOG_LEVEL', 'ERROR')
})

afterAll(() => vi.unstubAllEnvs())

const signIn = (provider: string, params: Record<string, string>) =>
  backend.t.action(api.auth.signIn, { provider, params })

describe('password', () => {
  const account = { email: 'ada@example.com', password: 'correct horse battery' }

  it('signs up, then in', async () => {
    expect((await signIn('password', { ...account, flow: 'signUp' })).tokens).toBeTruthy()
    expect((await signIn('password', { ...account, flow: 'signIn' })).tokens).toBeTruthy()
  })

  it('refuses a wrong password', async () => {
    await signIn('password', { ...account, flow: 'signUp' })
    await expect(
      signIn('password', { ...account, password: 'wrong horse', flow: 'signIn' }),
    ).rejects.toThrow()
  })
})

describe('a one-time link', () => {
  const makeLink = async (token: string) => {
    await backend.t.mutation(internal.localOwner.createSignInLink, { tokenHash: await sha256(token) })
  }

  it('signs in the local owner, once', async () => {
    await makeLink('link-1')
    expect((await signIn('link', { token: 'link-1' })).tokens).toBeTruthy()
    await expectRefusal(signIn('link', { token: 'link-1' }), 'SIGN_IN_LINK_INVALID')
  })

  it('expires', async () => {
    await makeLink('link-2')
    vi.advanceTimersByTime(limits.signInLinkMs + 1)
    await expectRefusal(signIn('link', { token: 'link-2' }), 'SIGN_IN_LINK_INVALID')
  })

  it('is not guessed', async () => {
    await makeLink('link-3')
    await expectRefusal(signIn('link', { token: 'link-4' }), 'SIGN_IN_LINK_INVALID')
    await expectRefusal(signIn('link', {}), 'SIGN_IN_LINK_INVALID')
  })
})

describe('the first worker of the embedded backend', () => {
  const first = { machineName: 'studio-mac', workerName: 'worker' }

  it('is made approved, and keeps its id when its secret is made anew', async () => {
    const ensure = async (secret: string) => {
      const ensured = await backend.t.mutation(internal.localOwner.ensureWorker, {
        ...first,
        secretHash: await sha256(secret),
      })
      if (ensured === 'revoked') throw new Error('it was never revoked')
      return { ...ensured, secret }
    }
    const worker = await ensure('a'.repeat(43))
    await register(backend.t, worker)
    expect((await readWorker(backend.t, worker)).status).toBe('online')
    const again = await ensure('b'.repeat(43))
    expect(again.workerId).toBe(worker.workerId)
    await register(backend.t, again)
    await expectRefusal(register(backend.t, worker), 'WRONG_SECRET')
  })
})
