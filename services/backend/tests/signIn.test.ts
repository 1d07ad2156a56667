import { describe, expect, it, vi } from 'vitest'
import { limits } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { sha256 } from '../convex/model/tokens'
import { useAuthKeys } from './authKeys'
import { expectRefusal, readWorker, register, signedInAs, useBackend } from './setup'

const backend = useBackend()

useAuthKeys()

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

describe('an account', () => {
  const password = 'correct horse battery'
  const signUp = (email: string, invitation?: string) =>
    signIn('password', { email, password, flow: 'signUp', ...(invitation !== undefined && { invitation }) })
  const user = (email: string) =>
    backend.t.run((ctx) =>
      ctx.db
        .query('users')
        .withIndex('email', (q) => q.eq('email', email))
        .unique(),
    )
  const administrator = async () => {
    await signUp('ada@example.com')
    const ada = await user('ada@example.com')
    if (ada === null) throw new Error('Ada has signed up')
    return await signedInAs(backend.t, ada._id)
  }

  it('is an administrator’s if it is the first, and takes an invitation afterwards', async () => {
    const ada = await administrator()
    expect(await user('ada@example.com')).toMatchObject({ isAdmin: true })
    await expectRefusal(signUp('eve@example.com'), 'SIGN_UP_CLOSED')
    expect(await user('eve@example.com')).toBeNull()

    const { token } = await ada.action(api.invitations.create, {})
    await expectRefusal(signUp('bob@example.com', `${token}x`), 'INVITATION_INVALID')
    await signUp(' Bob@Example.com ', token)
    expect((await user('bob@example.com'))?.isAdmin).toBeUndefined()
    await expectRefusal(signUp('eve@example.com', token), 'INVITATION_INVALID')
    expect(
      (await signIn('password', { email: 'bob@example.com', password, flow: 'signIn' })).tokens,
    ).toBeTruthy()
  })

  it('is one person’s when two use the same invitation at once', async () => {
    const { token } = await (await administrator()).action(api.invitations.create, {})
    const both = await Promise.allSettled([
      signUp('bob@example.com', token),
      signUp('eve@example.com', token),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is not made by an invitation that has expired or was withdrawn', async () => {
    const ada = await administrator()
    const { token } = await ada.action(api.invitations.create, {})
    vi.advanceTimersByTime(limits.invitationMs)
    await expectRefusal(signUp('bob@example.com', token), 'INVITATION_INVALID')
    expect(await ada.query(api.invitations.list, {})).toEqual([])

    const second = await ada.action(api.invitations.create, {})
    const [open] = await ada.query(api.invitations.list, {})
    if (!open) throw new Error('one is open')
    await ada.mutation(api.invitations.withdraw, { invitationId: open.id })
    await expectRefusal(signUp('bob@example.com', second.token), 'INVITATION_INVALID')
    expect(JSON.stringify(await backend.t.run((ctx) => ctx.db.query('invitations').take(9)))).not.toContain(
      token,
    )
  })

  it('is made an administrator’s by whoever holds the admin key, and no longer one', async () => {
    await administrator()
    const isAdmin = (value: boolean) =>
      backend.t.mutation(internal.users.setAdmin, { email: 'Ada@example.com', isAdmin: value })
    await isAdmin(false)
    expect((await user('ada@example.com'))?.isAdmin).toBe(false)
    await isAdmin(true)
    expect((await user('ada@example.com'))?.isAdmin).toBe(true)
    const nobody = { email: 'nobody@example.com', isAdmin: true }
    await expectRefusal(backend.t.mutation(internal.users.setAdmin, nobody), 'NOT_FOUND')
  })

  it('is anybody’s where sign-up was opened', async () => {
    await administrator()
    await backend.t.mutation(internal.settings.update, { isSignUpOpen: true })
    await signUp('eve@example.com')
    expect((await user('eve@example.com'))?.isAdmin).toBeUndefined()
  })

  it('is not made under the name of the local owner, nor without an email', async () => {
    for (const email of ['owner@localhost', 'nobody', '', 'a b@example.com']) {
      await expectRefusal(signUp(email), 'ARGUMENT_INVALID')
    }
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

  it('made with the admin key signs in whom it names, or else who administers the deployment', async () => {
    const create = async (token: string, email?: string) =>
      await backend.t.mutation(internal.signInLinks.create, {
        tokenHash: await sha256(token),
        ...(email !== undefined && { email }),
      })
    await expectRefusal(create('link-5'), 'NOT_FOUND')
    await backend.t.run(async (ctx) => {
      await ctx.db.insert('users', { email: 'bob@example.com' })
      await ctx.db.insert('users', { email: 'ada@example.com', isAdmin: true })
    })
    await expectRefusal(create('link-5', 'nobody@example.com'), 'NOT_FOUND')
    await expectRefusal(signIn('link', { token: 'link-5' }), 'SIGN_IN_LINK_INVALID')

    expect(await create('link-5')).toEqual({ person: 'ada@example.com' })
    expect(await create('link-6', ' Bob@Example.com ')).toEqual({ person: 'bob@example.com' })
    expect((await signIn('link', { token: 'link-6' })).tokens).toBeTruthy()
    await expectRefusal(signIn('link', { token: 'link-6' }), 'SIGN_IN_LINK_INVALID')
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
