import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let ada: VisitedPage
let bob: VisitedPage
let token: string
let worker: SimulatedWorker

beforeAll(async () => {
  ada = await VisitedPage.open()
  bob = await ada.openAnother()
  await ada.signUp('ada@example.com')
  token = await ada.addApprovedWorker('build-03', 'docs')
  await ada.page.getByRole('link', { name: 'docs', exact: true }).click()
  await ada.sees('Timeline')
})
afterAll(() => ada.close())

const region = (visit: VisitedPage, name: string) =>
  visit.page.getByRole('main').getByRole('region', { name })
const uptime = () => region(ada, 'Uptime')
const heartbeat = () => ada.page.locator('[data-heartbeat]')

test('before it was ever online, nothing is said of its uptime', async () => {
  await ada.sees('Nothing has happened yet')
  expect(await uptime().count()).toBe(0)
  await ada.click('Crashes')
  await ada.sees('No crash yet.')
  await ada.click('All')
})

test('Health dashboard showing worker uptime: online, crashed, online again, as strips and in numbers', async () => {
  worker = await SimulatedWorker.register(ada.served.url, token)
  await uptime()
    .getByRole('img', { name: /^Last 24 hours: 100 % up, nothing known of/ })
    .waitFor()
  await worker.reportExit({ signal: 'SIGKILL' })
  await uptime().getByText('0 of 1 (0 %)').waitFor()
  await ada.copyable('start command')
  worker = await SimulatedWorker.register(ada.served.url, token)
  await worker.ready()
  for (const period of ['24 hours', '7 days', '30 days']) {
    const name = new RegExp(`^Last ${period}: \\d\\d?\\.\\d % up, crashed for`)
    await uptime().getByRole('img', { name }).waitFor()
  }
})

test('the timeline can show crashes alone', async () => {
  const events = region(ada, 'Timeline').getByRole('listitem')
  await events.nth(2).waitFor()
  await ada.click('Crashes')
  await events.nth(1).waitFor({ state: 'detached' })
  expect(await events.innerText()).toContain('Killed (SIGKILL)')
  expect(await ada.page.getByRole('button', { name: 'Crashes', pressed: true }).count()).toBe(1)
  await ada.click('All')
  await events.nth(2).waitFor()
})

test('heartbeats are shown as they come; one that is late is', async () => {
  await callAsAdmin(ada.served, 'settings:update', { heartbeatIntervalMs: 1000, staleThresholdMs: 60_000 })
  await heartbeat().getByText('late').waitFor()
  expect(await heartbeat().innerText()).toMatch(/^Last heartbeat \d+ s ago, late, expected every 1 s$/)
  await worker.beat()
  await heartbeat().and(ada.page.locator('[data-heartbeat="in time"]')).waitFor()
  await callAsAdmin(ada.served, 'settings:update', { heartbeatIntervalMs: 30_000 })
  await heartbeat().getByText('expected every 30 s').waitFor()
})

test('a stop is asked twice, with what it interrupts; it reaches the worker, and can be withdrawn', async () => {
  await ada.click('Stop docs')
  await ada.sees('Nothing is being answered. Start it again on its machine.')
  await ada.click('Keep')
  await ada.page.getByRole('textbox', { name: 'New chat with docs' }).fill('Look around')
  await ada.click('Start chat')
  await ada.sees(/^Queued/)
  const answer = await worker.claim()
  await ada.page.goBack()
  await ada.page.getByRole('list', { name: 'Chats' }).getByText('answering').waitFor()
  await answer.raise('per_1', { kind: 'permission', permission: 'bash', patterns: ['rm -r dist'] })
  await ada.page.getByRole('list', { name: 'Chats' }).getByText('asks you').waitFor()
  await ada.click('Stop docs')
  await ada.page.getByRole('radio', { name: 'now' }).check()
  await ada.sees('1 chat is being answered; it is interrupted, what was written is kept.')
  await ada.page.getByRole('radio', { name: 'when its answer is done' }).check()
  await ada.click('Stop when done')
  await ada.sees('Stops when its answer is done, asked by ada@example.com')
  expect(await worker.command()).toEqual({ kind: 'stop', when: 'idle' })
  await ada.click('Withdraw what docs was told')
  await ada.page.getByRole('button', { name: 'Stop docs' }).waitFor()
  expect(await worker.command()).toBeNull()
})

test('all workers of its machine are told to restart, one by one; that is shown, and can be ended', async () => {
  await ada.page.getByRole('link', { name: 'Rollcall' }).click()
  await ada.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await ada.click('Restart all')
  await ada.sees(/^1 worker, each when the one before is done\. 1 running answer is waited for\./)
  await ada.page.getByRole('radio', { name: 'now' }).check()
  await ada.click('Restart all one by one')
  await ada.sees('Restarting one by one: docs now; asked by ada@example.com')
  expect(await worker.command()).toEqual({ kind: 'restart', when: 'now' })
  await ada.click('Tell no more')
  await ada.seesNoMore('Restarting one by one')
})

test('a viewer sees how it has been, and can neither stop nor restart it', async () => {
  await ada.page.getByRole('link', { name: 'People' }).click()
  await ada.click('Invite somebody')
  await bob.page.goto(await ada.copyable('invitation link'))
  await bob.submitAccount('bob@example.com', 'Create account')
  await ada.page.getByRole('link', { name: 'Rollcall' }).click()
  await ada.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await ada.page.getByLabel('Whoever accepts').selectOption('may look')
  await ada.page.getByRole('button', { name: /^Share by/ }).click()
  const link = await ada.copyable('sharing link')
  await bob.sees('No machines yet')
  await bob.page.goto(link)
  await bob.click('Accept')
  await bob.page.getByRole('link', { name: 'docs', exact: true }).click()
  await region(bob, 'Uptime')
    .getByRole('img', { name: /^Last 30 days: / })
    .waitFor()
  expect(await bob.page.getByRole('button', { name: /^(Stop|Restart)/ }).count()).toBe(0)
})

test('once revoked, it is removed with all that was kept of it, and whoever looks at it is told', async () => {
  await ada.page.getByRole('link', { name: 'Rollcall' }).click()
  await ada.page.getByRole('link', { name: 'docs', exact: true }).click()
  await ada.click('Revoke docs')
  await ada.click('Revoke for good')
  await ada.click('Remove docs')
  await ada.sees('With its chats and its history.')
  await ada.click('Remove for good')
  await ada.page.getByRole('main', { name: 'Fleet' }).waitFor()
  await ada.sees('No workers yet')
  await bob.sees('There is nothing at this address, or it is not yours.')
})
