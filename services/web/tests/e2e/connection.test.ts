import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let worker: SimulatedWorker

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
  const token = await visit.addApprovedWorker('build-03', 'docs')
  await visit.click('Add worker to build-03')
  await visit.page.getByLabel('Worker name').fill('nightly')
  await visit.page.keyboard.press('Enter')
  await visit.click('I have copied it')
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.seesRow('docs', /ready/)
})
afterAll(async () => {
  await visit.close()
})

test('the backend stops: within seconds every status is last known, and none claims to be live', async () => {
  await visit.click('Add worker to build-03')
  await visit.page.getByLabel('Worker name').fill('scratch')
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.page.getByRole('textbox', { name: 'New chat with docs' }).fill('a draft')
  const stoppedAt = Date.now()
  await visit.served.stop()
  await visit.sees('Connection lost')
  expect(Date.now() - stoppedAt).toBeLessThan(6000)
  await visit.sees(/Statuses are as last known/)
  const statuses = await visit.page.locator('[data-status]').allInnerTexts()
  expect(statuses).toEqual(['last known', 'last known', 'last known'])
  await visit.sees(/^last known · \d\d:\d\d:\d\d/)
  await visit.sees('Not connected. Your draft is kept here.')
  expect(await visit.page.getByRole('button', { name: 'Start chat' }).isDisabled()).toBe(true)
})

test('meanwhile nothing can be added or approved, and each button says why', async () => {
  const reason = 'Not connected. Possible again when the connection is back.'
  const expectRefusing = async (name: string) => {
    const button = visit.page.getByRole('button', { name, exact: true })
    expect(await button.isDisabled(), name).toBe(true)
    expect(await button.getAttribute('aria-description'), name).toBe(reason)
    await button.click({ force: true })
  }
  await expectRefusing('Approve nightly')
  await visit.sees(reason)
  await expectRefusing('Add worker')
  await visit.page.getByLabel('Worker name').press('Enter')
  const readOnly = visit.page.getByRole('radio', { name: 'Read only', exact: true })
  expect(await readOnly.isDisabled()).toBe(true)
  await readOnly.click({ force: true })
  expect(await readOnly.isChecked()).toBe(false)
  expect(await visit.page.getByRole('group', { name: 'What docs may do' }).innerText()).toContain(reason)
  await visit.page.getByRole('link', { name: 'Fleet' }).first().click()
  await expectRefusing('Add machine')
  await expectRefusing('Add worker to build-03')
  expect(await visit.page.getByLabel('Machine name').count()).toBe(0)
  expect(await visit.page.getByLabel('Worker name').inputValue()).toBe('scratch')
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
})

test('it is back: live again by itself, with what happened meanwhile, and the draft', async () => {
  await visit.served.startAgain()
  await worker.goOffline('shutdown', { cause: 'SIGTERM', drainMs: 50 })
  await visit.page.getByText('Connection lost').waitFor({ state: 'hidden', timeout: 30_000 })
  await visit.sees(/^live/)
  await visit.sees(/Shut down .* by SIGTERM/)
  await expect
    .poll(() => visit.page.locator('[data-status]').allInnerTexts())
    .toEqual(['waiting', 'offline', 'offline'])
  expect(await visit.page.getByRole('textbox', { name: 'New chat with docs' }).inputValue()).toBe('a draft')
})

test('what was asked for while it was away was not done behind one’s back; asked again, it is', async () => {
  await visit.seesRow('nightly', /waiting/)
  await visit.page.getByLabel('Worker name').press('Enter')
  await visit.sees('scratch is made.')
  await visit.click('Approve nightly')
  await visit.seesRow('nightly', /offline/)
})
