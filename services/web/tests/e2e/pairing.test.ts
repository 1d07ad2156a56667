import { createHash } from 'node:crypto'
import { api } from '@rollcall/backend/api'
import { ConvexHttpClient } from 'convex/browser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let backend: ConvexHttpClient

beforeAll(async () => {
  visit = await VisitedPage.open()
  backend = new ConvexHttpClient(visit.served.url)
})
afterAll(() => visit.close())

/** What a worker does that was started without a token. */
async function join(hostname: string) {
  const secret = createHash('sha256').update(hostname).digest('base64url')
  const secretHash = createHash('sha256').update(secret).digest('hex')
  const host = { hostname, user: 'bob', directory: '/home/bob/src', workerName: 'web' }
  const { pairingId, code } = await backend.action(api.pairing.start, { secretHash, host })
  const outcome = () => backend.query(api.pairing.outcome, { pairingId, secret })
  return { code: `${code.slice(0, 4)}-${code.slice(4)}`, outcome }
}

test('its link asks to sign in first, then shows which computer, user and address want to join', async () => {
  await visit.signUp('ada@example.com')
  await visit.click('Sign out')
  await visit.page.getByLabel('Password').waitFor()
  const { code, outcome } = await join('laptop')
  await visit.goTo(`/pair#code=${code}`)
  await visit.sees('A worker wants to join. Sign in to see which one.')
  await visit.submitAccount('ada@example.com', 'Sign in')
  for (const known of ['laptop', 'bob', '/home/bob/src', '127.0.0.1', code]) await visit.sees(known)
  expect(await outcome()).toEqual({ kind: 'waiting' })

  await visit.click('Let it in')
  await visit.page.waitForURL(/\/workers\//)
  await visit.sees('web')
  expect(await outcome()).toMatchObject({
    ...{ kind: 'approved', machine: 'laptop', worker: 'web', by: 'ada@example.com' },
  })
})

test('a code can be typed, and the machine chosen; a name that is taken is told', async () => {
  const { code, outcome } = await join('laptop')
  await visit.goTo('/pair')
  await visit.page.getByLabel('Code').fill(code.toLowerCase().replace('-', ''))
  await visit.page.keyboard.press('Enter')
  expect(await visit.page.getByLabel('Machine', { exact: true }).locator('option:checked').innerText()).toBe(
    'laptop',
  )
  await visit.click('Let it in')
  await visit.sees('This machine already has a worker “web”.')
  await visit.page.getByLabel('Worker name').fill('docs')
  await visit.click('Let it in')
  await visit.page.waitForURL(/\/workers\//)
  expect(await outcome()).toMatchObject({ kind: 'approved', worker: 'docs' })
})

test('a worker is turned away, and its code is worth nothing then', async () => {
  const { code, outcome } = await join('stranger')
  await visit.page.goto('about:blank')
  await visit.goTo(`/pair#code=${code}`)
  await visit.click('Turn it away')
  await visit.sees('It was told so, and stops.')
  expect(await outcome()).toEqual({ kind: 'denied', by: 'ada@example.com' })
  await visit.page.reload()
  await visit.sees('No worker waits with this code: it was mistyped, used, or is older than 10 minutes.')
})

test('of two people with the same code one lets it in, and the other is told', async () => {
  const { code, outcome } = await join('shared')
  await visit.goTo('/people')
  await visit.click('Invite somebody')
  const link = await visit.copyable('invitation link')
  const other = await visit.openAnother()
  await other.page.goto(link)
  await other.submitAccount('bob@example.com', 'Create account')
  await other.sees('No machines yet')
  const open = async (at: VisitedPage) => {
    await at.page.goto('about:blank')
    await at.goTo(`/pair#code=${code}`)
    await at.sees('A worker wants to join')
  }
  await Promise.all([open(visit), open(other)])
  await Promise.all([visit.click('Let it in'), other.click('Let it in')])
  const won = (at: VisitedPage) =>
    Promise.race([
      at.page.waitForURL(/\/workers\//).then(() => true),
      at.sees('No worker waits with this code').then(() => false),
    ])
  const outcomes = await Promise.all([won(visit), won(other)])
  expect(outcomes.sort()).toEqual([false, true])
  expect(await outcome()).toMatchObject({ kind: 'approved' })
})
