import { describe, expect, it, vi } from 'vitest'
import { MINUTE, errorOf } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { useAuthKeys } from './authKeys'
import { expectRefusal, signedInAs, useBackend } from './setup'

const backend = useBackend()
useAuthKeys()

const email = 'ada@example.com'
const password = 'correct horse battery'

const ask = (flow: 'signIn' | 'signUp', account: { email: string; password: string }) =>
  backend.t.action(api.auth.signIn, { provider: 'password', params: { ...account, flow } })
const signUp = (account = { email, password }) => ask('signUp', account)
const signIn = (secret = password) => ask('signIn', { email, password: secret })

async function signedUp() {
  await signUp()
  const [user] = await backend.t.run((ctx) => ctx.db.query('users').take(1))
  if (!user) throw new Error('somebody signed up')
  return { userId: user._id, as: await signedInAs(backend.t, user._id) }
}

describe('a password', () => {
  it('is refused alike whether it or the email is wrong', async () => {
    await signUp()
    const wrong = await expectRefusal(signIn('wrong'), 'CREDENTIALS_INVALID')
    const unknown = ask('signIn', { email: 'eve@example.com', password })
    expect((await expectRefusal(unknown, 'CREDENTIALS_INVALID')).data).toEqual(wrong.data)
  })

  it('has to have a length', async () => {
    await expectRefusal(signUp({ email, password: '1234567' }), 'PASSWORD_INVALID')
    await expectRefusal(signUp({ email, password: 'x'.repeat(257) }), 'PASSWORD_INVALID')
    expect(await backend.t.run((ctx) => ctx.db.query('users').take(1))).toEqual([])
  })

  it('is not looked at after ten wrong ones, until the time that is told', async () => {
    await signUp()
    for (let i = 0; i < 10; i++) await expectRefusal(signIn('wrong'), 'CREDENTIALS_INVALID')
    const refused = errorOf(await expectRefusal(signIn(), 'RATE_LIMITED'))
    expect(refused?.retryAt).toBe(Date.now() + 6 * MINUTE)
    vi.advanceTimersByTime(6 * MINUTE)
    expect((await signIn()).tokens).toBeTruthy()
  })

  it('cannot be tried by signing up instead, the right one neither', async () => {
    await signUp()
    await backend.t.mutation(internal.settings.update, { isSignUpOpen: true })
    await expectRefusal(signUp({ email, password: 'wrong horse battery' }), 'ACCOUNT_EXISTS')
    await expectRefusal(signUp(), 'ACCOUNT_EXISTS')
  })

  it('tells nobody who may not have an account which emails have one', async () => {
    await signUp()
    await expectRefusal(signUp(), 'SIGN_UP_CLOSED')
    await expectRefusal(signUp({ email: 'eve@example.com', password }), 'SIGN_UP_CLOSED')
  })

  it('is changed by who knows it, and ends every other sign-in', async () => {
    const { userId, as } = await signedUp()
    const other = await signedInAs(backend.t, userId)
    const change = (current: string, next: string) => as.action(api.account.changePassword, { current, next })
    await expectRefusal(change('wrong', 'battery staple'), 'CREDENTIALS_INVALID')
    await expectRefusal(change(password, 'short'), 'PASSWORD_INVALID')
    await other.query(api.users.me, {})

    await change(password, 'battery staple')
    expect((await as.query(api.account.signIns, {})).map(({ isThis }) => isThis)).toEqual([true])
    await expectRefusal(other.query(api.users.me, {}), 'UNAUTHENTICATED')
    await expectRefusal(signIn(), 'CREDENTIALS_INVALID')
    expect((await signIn('battery staple')).tokens).toBeTruthy()
  })
})

describe('an open deployment', () => {
  it('makes ten accounts an hour for one address, then tells when the next', async () => {
    await signUp()
    await backend.t.mutation(internal.settings.update, { isSignUpOpen: true })
    for (let i = 0; i < 10; i++) await signUp({ email: `person-${i}@example.com`, password })
    const eve = { email: 'eve@example.com', password }
    const refused = errorOf(await expectRefusal(signUp(eve), 'RATE_LIMITED'))
    expect(refused?.retryAt).toBeLessThanOrEqual(Date.now() + 6 * MINUTE)
    vi.advanceTimersByTime(6 * MINUTE)
    await signUp(eve)
  })
})

describe('a sign-in', () => {
  it('is in the person’s trail, with the address it came from where it is known', async () => {
    const { as } = await signedUp()
    const { page } = await as.query(api.account.trail, { paginationOpts: { numItems: 9, cursor: null } })
    expect(page).toMatchObject([{ by: email, what: { kind: 'signedIn' } }])
  })
})
