import { defaultSettings } from '@rollcall/backend/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { seriousFaults } from './seriousFaults'
import { VisitedPage } from './VisitedPage'

/** The steps of one story, in their order. */
let ada: VisitedPage

beforeAll(async () => {
  ada = await VisitedPage.open()
  await ada.signUp('ada@example.com')
  await ada.addApprovedWorker('build-03', 'docs')
})
afterAll(() => ada.close())

const field = (label: string | RegExp) => ada.page.getByLabel(label)
const focused = () => ada.page.evaluate(() => document.activeElement?.getAttribute('name'))
const stored = () => callAsAdmin(ada.served, 'settings:get', {})
const outcome = (text: string) => ada.page.getByRole('status').filter({ hasText: text }).waitFor()

test('an administrator sees every setting with its unit, what it does and its default', async () => {
  await ada.page.getByRole('link', { name: 'Settings', exact: true }).click()
  await ada.page.getByRole('heading', { name: 'Settings' }).waitFor()
  const heartbeat = field('Heartbeat interval, in seconds')
  expect(await heartbeat.inputValue()).toBe('30')
  const description = await heartbeat.getAttribute('aria-describedby')
  expect(await ada.page.locator(`[id="${description}"]`).innerText()).toBe(
    'How often a worker says that it is alive. Default: 30 seconds.',
  )
  expect(await field('Request timeout, in minutes').inputValue()).toBe('10')
  for (const name of ['Presence', 'Chats', 'Sign-up', 'Alerts', 'Retention']) {
    await ada.page.getByRole('group', { name, exact: true }).waitFor()
  }
  const alerts = ada.page.getByRole('group', { name: 'Alerts' })
  expect(await alerts.getByLabel('Alert on share of graceful ends, in percent').inputValue()).toBe('95')
  await ada.sees(/An alert when so many workers crash within an hour\. 0 switches it off\. Default: 10\./)
  expect(await field('Retention of chats, in days').inputValue()).toBe('365')
  expect(await field('Anybody may make an account').isChecked()).toBe(false)
  expect(await seriousFaults(ada.page)).toEqual([])
  await ada.click('Save changes')
  await outcome('Nothing was changed.')
})

test('what breaks a rule is said beside its field, which has the focus, and nothing is saved', async () => {
  const before = await stored()
  await field(/^Heartbeat interval/).fill('50')
  await field(/^Request timeout/).fill('soon')
  await field(/^Request timeout/).press('Enter')
  await ada.sees('At least twice the heartbeat interval: 100 s or more.')
  await ada.sees('Type a number of minutes, such as 10.')
  expect(await focused()).toBe('staleThresholdMs')
  expect(await field(/^Stale threshold/).getAttribute('aria-invalid')).toBe('true')
  expect(await seriousFaults(ada.page)).toEqual([])
  expect(await stored()).toEqual(before)
})

test('saved is only what was changed here: what another changes meanwhile stays', async () => {
  await callAsAdmin(ada.served, 'settings:update', { shutdownTimeoutMs: 20_000 })
  await expect.poll(() => field(/^Shutdown timeout/).inputValue()).toBe('20')
  await field(/^Stale threshold/).fill('100')
  await field(/^Request timeout/).fill('10')
  await field(/^Alert on crashes per hour/).fill('0')
  await field(/^Alert on share of graceful ends/).fill('90%')
  await field(/^Retention of chats/).fill('30')
  await field('Anybody may make an account').check()
  await ada.click('Save changes')
  await outcome('Saved.')
  expect(await stored()).toEqual({
    ...defaultSettings,
    heartbeatIntervalMs: 50_000,
    staleThresholdMs: 100_000,
    shutdownTimeoutMs: 20_000,
    isSignUpOpen: true,
    alertCrashesPerHour: 0,
    alertGracefulPercent: 90,
    chatRetentionMs: 2_592_000_000,
  })
})

test('while disconnected the page says why nothing can be saved, and keeps what was typed', async () => {
  await ada.served.stop()
  await ada.sees('Connection lost')
  await field(/^Shutdown timeout/).fill('5')
  const reason = 'Not connected. Possible again when the connection is back.'
  const button = ada.page.getByRole('button', { name: 'Save changes' })
  expect(await button.getAttribute('aria-description')).toBe(reason)
  await field(/^Shutdown timeout/).press('Enter')
  await ada.sees(reason)
  await ada.served.startAgain()
  await ada.seesNoMore(reason)
  await ada.click('Save changes')
  await outcome('Saved.')
  expect(await stored()).toMatchObject({ shutdownTimeoutMs: 5_000 })
})

test('a machine has its own stale threshold and shutdown timeout, until its owner empties the fields', async () => {
  await ada.page.getByRole('link', { name: 'Rollcall' }).click()
  await ada.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  const own = field('Shutdown timeout, in seconds')
  await ada.sees(/Empty: as on the whole deployment, 5 seconds/)
  expect(await own.inputValue()).toBe('')
  const threshold = field('Stale threshold, in seconds')
  await ada.sees(/Empty: as on the whole deployment, 100 seconds/)
  await threshold.fill('99')
  await own.fill('700')
  await own.press('Enter')
  await ada.sees('At least twice the heartbeat interval: 100 s or more.')
  await ada.sees('From 500 ms to 10 min.')
  expect(await focused()).toBe('staleThresholdMs')
  expect(await seriousFaults(ada.page)).toEqual([])
  await threshold.fill('300')
  await own.fill('45')
  await ada.click('Save')
  await outcome('Saved.')
  await ada.page.reload()
  await expect.poll(() => own.inputValue()).toBe('45')
  expect(await threshold.inputValue()).toBe('300')
  await threshold.fill('')
  await ada.click('Save')
  await outcome('Saved.')
  await own.fill('')
  await ada.click('Save')
  await outcome('Saved.')
})

test('the account’s page tells who changed what, from what to what', async () => {
  await ada.page.getByRole('link', { name: 'Account ada@example.com' }).click()
  await ada.sees('ada@example.com changed the shutdown timeout on build-03 from 45 s to the deployment’s')
  await ada.sees('ada@example.com changed the stale threshold on build-03 from 5 min to the deployment’s')
  await ada.sees(
    'ada@example.com changed the stale threshold on build-03 from the deployment’s to 5 min, the shutdown timeout from the deployment’s to 45 s',
  )
  await ada.sees(
    'ada@example.com changed the settings: heartbeat interval from 30 s to 50 s, stale threshold from 90 s to 100 s, alert on crashes per hour from 10 to 0 (off), alert on share of graceful ends from 95 % to 90 %, retention of chats from 365 d to 30 d, sign-up from closed to open',
  )
  await ada.sees('whoever runs the backend changed the settings: shutdown timeout from 10 s to 20 s')
})

test('they are nobody else’s', async () => {
  const bob = await ada.openAnother()
  await bob.signUp('bob@example.com')
  expect(await bob.page.getByRole('link', { name: 'Settings', exact: true }).count()).toBe(0)
  await bob.goTo('/settings')
  await bob.sees(/Only an administrator of this deployment may do that/)
})
