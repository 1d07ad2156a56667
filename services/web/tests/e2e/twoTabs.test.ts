import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

/** Two tabs of one person, and another person who may look: each is told what happens elsewhere. The tests follow one another. */

let first: VisitedPage
let second: VisitedPage
let token: string
let worker: SimulatedWorker
let chat: string

beforeAll(async () => {
  first = await VisitedPage.open()
  await first.signUp('ada@example.com')
  token = await first.addApprovedWorker('build-03', 'docs')
  second = await first.openTab()
  await second.goTo('/')
  await second.page.getByRole('link', { name: 'docs', exact: true }).click()
  await second.sees('Nothing has happened yet')
})
afterAll(() => first.close())

const composer = ({ page }: VisitedPage) => page.getByRole('textbox', { name: 'Message to docs' })
const newChat = ({ page }: VisitedPage) => page.getByRole('textbox', { name: 'New chat with docs' })
const messages = ({ page }: VisitedPage) => page.getByRole('list', { name: 'Messages' })
const heading = ({ page }: VisitedPage, word: string) =>
  page.getByRole('main').locator(`[data-status=${word}]`)

const path = ({ page }: VisitedPage) => new URL(page.url()).pathname

async function comesOnline(): Promise<void> {
  worker = await SimulatedWorker.register(first.served.url, token)
  await worker.ready()
}

test('both follow a worker, one on the fleet and one on the worker’s page', async () => {
  await comesOnline()
  await Promise.all([first.seesRow('docs', /ready/), heading(second, 'ready').waitFor()])
  await worker.reportExit({ signal: 'SIGKILL' })
  await Promise.all([
    first.seesRow('docs', /crashed.*Killed \(SIGKILL\)/),
    heading(second, 'crashed').waitFor(),
    second.sees(/^Killed \(SIGKILL\)/),
  ])
  await comesOnline()
  await Promise.all([first.seesRow('docs', /ready/), heading(second, 'ready').waitFor()])
})

test('a chat that is begun in one is listed in the other, and goes on in both', async () => {
  await first.page.getByRole('link', { name: 'docs', exact: true }).click()
  await newChat(first).fill('Count the sheep')
  await newChat(first).press('Enter')
  await composer(first).waitFor()
  chat = path(first)
  await second.page.getByRole('link', { name: 'Count the sheep' }).click()
  await composer(second).waitFor()
  expect(path(second)).toBe(chat)
  const answer = await worker.claim()
  await answer.append('One, two')
  await Promise.all([first, second].map((tab) => messages(tab).getByText('One, two').waitFor()))
  await answer.complete()
  await composer(first).fill('And the goats')
  await composer(second).fill('And the cows')
  await composer(first).press('Enter')
  await Promise.all([
    messages(second).getByText('And the goats').waitFor(),
    second.sees(/^Queued: docs has not taken it yet/),
  ])
  await (await worker.claim()).complete()
  await second.seesNoMore('Queued')
  await second.page.reload()
  await expect.poll(() => composer(second).inputValue()).toBe('And the cows')
})

test('a draft in one is not lost when the other sends a message in another chat', async () => {
  await composer(second).fill('Half a thought')
  await first.page.goBack()
  await newChat(first).fill('Something else')
  await newChat(first).press('Enter')
  await composer(first).waitFor()
  expect(path(first)).not.toBe(chat)
  await composer(first).fill('And more of it')
  await composer(first).press('Enter')
  await messages(first).getByText('And more of it').waitFor()
  await expect.poll(() => composer(first).inputValue()).toBe('')
  expect(await composer(second).inputValue()).toBe('Half a thought')
  await second.page.reload()
  await expect.poll(() => composer(second).inputValue()).toBe('Half a thought')
  expect(await messages(second).getByText('And more of it').count()).toBe(0)
})

test('signing out in one leads the other to the sign-in, without an error; it is back after the next', async () => {
  await first.click('Sign out')
  await Promise.all([first, second].map(({ page }) => page.getByLabel('Password').waitFor()))
  await second.sees('You were signed out here.')
  for (const { page } of [first, second]) {
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await page.getByText(/Count the sheep|Half a thought/).count()).toBe(0)
  }
  await first.submitAccount('ada@example.com', 'Sign in')
  await first.seesRow('docs', /ready/)
  await expect.poll(() => composer(second).inputValue(), { timeout: 10_000 }).toBe('Half a thought')
  expect(path(second)).toBe(chat)
})

test('whoever may look follows it as well, and is offered nothing that it is up to its owner to do', async () => {
  await callAsAdmin(first.served, 'settings:update', { isSignUpOpen: true })
  const viewer = await first.openAnother()
  await viewer.signUp('bob@example.com')
  await first.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await first.page.getByLabel('Whoever accepts').selectOption('may look')
  await first.page.getByRole('button', { name: /^Share by/ }).click()
  await viewer.page.goto(await first.copyable('sharing link'))
  await viewer.click('Accept')
  await viewer.page.getByRole('link', { name: 'docs', exact: true }).click()
  await heading(viewer, 'ready').waitFor()
  await viewer.sees('You may look at this worker, not work with it. Ask its owner.')
  const owners = viewer.page.getByRole('button', { name: /Make a new token|Revoke|Stop|Restart/ })
  expect(await owners.count()).toBe(0)
  await worker.reportExit({ signal: 'SIGKILL' })
  await heading(viewer, 'crashed').waitFor()
  await viewer.sees(/^Killed \(SIGKILL\)/)
  expect(await viewer.page.getByRole('group', { name: 'start command' }).count()).toBe(0)
  expect(await viewer.page.getByRole('link', { name: 'Count the sheep' }).count()).toBe(0)
  await comesOnline()
  await heading(viewer, 'ready').waitFor()
  expect(await owners.count()).toBe(0)
})
