import { Receiver } from '@rollcall/backend/testReceiver'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { seriousFaults } from './seriousFaults'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

/** The steps of one story, in their order. */
let ada: VisitedPage
let token: string
let healthy: Receiver
let broken: Receiver
let secret: string

beforeAll(async () => {
  ;[ada, healthy, broken] = await Promise.all([VisitedPage.open(), Receiver.open(), Receiver.open(500)])
  await ada.signUp('ada@example.com')
  token = await ada.addApprovedWorker('build-03', 'docs')
  await callAsAdmin(ada.served, 'settings:update', { unstableFailures: 2 })
})
afterAll(() => Promise.all([ada.close(), healthy.close(), broken.close()]))

const link = (name: string) => ada.page.getByRole('link', { name, exact: true })
const sentTo = ({ host }: Receiver) => ada.page.getByRole('list', { name: `Sent to ${host}` })

async function crash(): Promise<void> {
  const worker = await SimulatedWorker.register(ada.served.url, token)
  await worker.ready()
  await worker.reportExit({ exitCode: 1, message: 'Out of memory' })
}

async function addWebhook({ host }: Receiver, how: 'JSON, signed' | 'Slack'): Promise<void> {
  await ada.page.getByLabel('Address of a new webhook').fill(`http://${host}/hooks/1`)
  await ada.page.getByLabel(how).check()
  await ada.click('Add webhook')
}

test('without an alert, the page says what would be there, and an administrator how to be told', async () => {
  await link('Alerts').click()
  await ada.sees('No alert is open')
  await ada.sees('Nothing yet. What is over is listed here')
  expect(await link('When alerts are raised').getAttribute('href')).toBe('/settings')
})

test('what is no address is said beside the field, which has the focus', async () => {
  await ada.page.getByLabel('Address of a new webhook').fill('ftp://example.com')
  await ada.page.keyboard.press('Enter')
  await ada.sees(/^This is not an address that can be told/)
  expect(await ada.page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('url')
})

test('a webhook is added, with a secret that is shown once and by which a test is verified', async () => {
  await addWebhook(healthy, 'JSON, signed')
  secret = await ada.copyable('signing secret')
  await ada.click('I have copied it')
  await ada.sees('Nothing was sent yet.')
  expect(await ada.page.content()).not.toContain(secret)
  await ada.click(`Send a test to ${healthy.host}`)
  await sentTo(healthy)
    .getByText(/: a test$/)
    .waitFor()
  const [message] = healthy.received
  expect(new Webhook(secret).verify(message?.body ?? '', message?.headers as Record<string, string>)).toEqual(
    expect.objectContaining({ type: 'test' }),
  )
})

test('one for Slack has no secret to show', async () => {
  await addWebhook(broken, 'Slack')
  await ada.sees(`${broken.host} is told of alerts from now on.`)
  expect(await ada.page.getByRole('group', { name: 'signing secret' }).count()).toBe(0)
})

test('a worker that crashes again and again: an alert, in the header, on the page, read out, and sent', async () => {
  await crash()
  await crash()
  await link('Alerts 1 open').waitFor()
  const alert = ada.page.getByRole('listitem', { name: 'docs on build-03 is unstable' })
  await alert.getByText(/^2 times within an hour .*: Out of memory\.$/).waitFor()
  expect(await alert.getByRole('link', { name: 'All about docs' }).getAttribute('href')).toMatch(
    /^\/workers\//,
  )
  await ada.page
    .getByRole('status', { name: 'Alerts' })
    .filter({ hasText: /^Alert: docs on build-03 is unstable/ })
    .waitFor()
  await sentTo(healthy)
    .getByText(/: an alert$/)
    .waitFor()
  await sentTo(broken)
    .getByText(/^an alert, tried once, next in \d+ s: It answered 500\.$/)
    .waitFor()
  const opened = JSON.parse(healthy.received[1]?.body ?? '') as { type: string; data: { title: string } }
  expect(opened).toMatchObject({ type: 'alert.opened', data: { title: 'docs on build-03 is unstable' } })
  expect(await seriousFaults(ada.page)).toEqual([])
})

test('it is muted and unmuted; the button keeps the focus, and the header counts those that are not', async () => {
  await ada.page.getByLabel(/^How long to mute/).selectOption('for 1 day')
  await ada.click('Mute: docs on build-03 is unstable')
  await ada.sees(/^Muted until .*, by ada@example.com$/)
  await link('Alerts').waitFor()
  const focused = () => ada.page.evaluate(() => document.activeElement?.textContent)
  await expect.poll(focused).toBe('Unmute')
  await ada.click('Unmute: docs on build-03 is unstable')
  await link('Alerts 1 open').waitFor()
})

test('a webhook is removed', async () => {
  await ada.click(`Remove ${broken.host}`)
  await ada.click('Remove for good')
  await sentTo(broken).waitFor({ state: 'hidden' })
  expect(await sentTo(healthy).count()).toBe(1)
})

test('while disconnected the page says why nothing can be muted', async () => {
  await ada.served.stop()
  const mute = ada.page.getByRole('button', { name: 'Mute: docs on build-03 is unstable' })
  await ada.sees('Connection lost')
  expect(await mute.getAttribute('aria-description')).toMatch(/^Not connected/)
  await ada.page.getByRole('link', { name: /^Alerts 1 open ?, last known$/ }).waitFor()
})
