import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let link: string

beforeAll(async () => {
  visit = await VisitedPage.open()
  const token = randomBytes(32).toString('base64url')
  const tokenHash = createHash('sha256').update(token).digest('hex')
  await callAsAdmin(visit.served, 'localOwner:createSignInLink', { tokenHash })
  await callAsAdmin(visit.served, 'localOwner:ensureWorker', {
    machineName: 'this-computer',
    workerName: 'this-computer',
    secretHash: tokenHash,
  })
  link = `/sign-in#link=${token}`
})
afterAll(async () => {
  await visit.close()
})

test('the one-time link signs the local owner in and leaves no trace in the address', async () => {
  await visit.goTo(link)
  await visit.seesRow('this-computer', /offline.*Never started/)
  await visit.sees('owner@localhost')
  expect(visit.page.url()).toBe(`${visit.served.url}/`)
  await visit.page.reload()
  await visit.seesRow('this-computer', /offline/)
})

test('a used link says so, and how to get another', async () => {
  await visit.click('Sign out')
  await visit.sees('New accounts need an invitation here.')
  await visit.goTo('/sign-in/link')
  await visit.sees('There is no sign-in link in this address')
  await visit.goTo(link)
  await visit.sees('This link did not work')
  await visit.sees(/^This sign-in link was used or has expired\./)
  expect(await visit.copyable('command')).toBe('pnpm login-link')
  await visit.page.getByRole('link', { name: 'Go to the page' }).click()
  await visit.page.getByLabel('Password').waitFor()
})

test('no sign-in while the backend is down: said within the bound, nothing typed is lost', async () => {
  await visit.page.clock.install()
  await visit.goTo('/')
  await visit.page.getByLabel('Email').waitFor()
  await visit.served.stop()
  await visit.page.getByLabel('Email').fill('ada@example.com')
  await visit.page.getByLabel('Password').fill('correct horse battery')
  await visit.click('Sign in')
  await visit.sees('One moment…')
  await visit.page.clock.fastForward(10_000)
  await visit.sees('The backend does not answer.')
  expect(await visit.page.getByLabel('Email').inputValue()).toBe('ada@example.com')
  await visit.served.startAgain()
})

test('a sign-in that cannot be renewed: loading ends, and there is a way out', async () => {
  await callAsAdmin(visit.served, 'settings:update', { isSignUpOpen: true })
  await visit.signUp('ada@example.com')
  await visit.goTo('/icon.svg') // The same origin without the page, which would put its renewed tokens back.
  await visit.page.evaluate(() => {
    for (const key of Object.keys(localStorage))
      if (key.startsWith('__convexAuth')) localStorage.setItem(key, 'x|y')
  })
  await visit.goTo('/')
  await visit.sees('Loading your sign-in…')
  await visit.page.clock.fastForward(10_000)
  await visit.sees(
    /^There is no connection to the backend at http.* yet\.|has not sent your sign-in for 10 s/,
  )
  await visit.click('Sign in again')
  await visit.page.getByLabel('Password').waitFor()
  visit.errors.length = 0 // Convex Auth leaves the refused renewal unhandled.
})

test('signed out while the backend is down: what was shown is gone at once, and the rest follows', async () => {
  await visit.submitAccount('ada@example.com', 'Sign in')
  await visit.sees('No machines yet')
  await visit.served.stop()
  await visit.click('Sign out')
  await visit.seesNoMore('No machines yet')
  await visit.page.clock.fastForward(10_000)
  await visit.sees('There is no connection to the backend')
  await visit.served.startAgain()
  await visit.page.clock.fastForward(60_000)
  await visit.page.getByLabel('Password').waitFor()
})
