import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let worker: SimulatedWorker
let token: string

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
  token = await visit.addWorker('build-03', 'docs')
  await visit.click('I have copied it')
  await visit.click('Approve docs')
  await visit.seesRow('docs', /offline/)
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
})
afterAll(async () => {
  await visit.close()
})

/** Two messages each: with what was said before, more than are loaded at first. */
const TURNS = 13

const composer = () => visit.page.getByRole('textbox', { name: 'Message to docs' })

test('a chat begins with its first message and the chosen model', async () => {
  await visit.page.getByLabel('Model').selectOption('Scripted')
  await visit.page.getByRole('textbox', { name: 'New chat with docs' }).fill('Why does it hang?')
  await visit.page.keyboard.press('Enter')
  await visit.page.getByRole('heading', { name: 'Why does it hang?' }).waitFor()
  await visit.sees('scripted/ok')
  await visit.sees(/Queued: docs has not taken it yet/)
  await visit.sees('Goes to docs on build-03.local, in /home/ada/src/docs')
})

test('queued → working → writing → complete, text arriving as it is written', async () => {
  const answer = await worker.claim()
  await visit.sees('Working: docs has taken it.')
  await answer.append('It waits for a timer.\n\n```ts\nconst start')
  await visit.sees('It waits for a timer.')
  await visit.sees('Writing')
  await visit.page.getByLabel('Code, ts').getByText('const start').waitFor()
  await answer.append('edAt = 1\n```\n\nThat is **all** <b>there</b> is.')
  await visit.page.getByLabel('Code, ts').getByText('const startedAt = 1').waitFor()
  await visit.sees('<b>there</b>')
  await answer.complete()
  await visit.seesNoMore('Writing')
  await visit.page
    .getByRole('status')
    .filter({ hasText: 'docs has answered.' })
    .waitFor({ state: 'attached' })
})

test('Enter sends, Shift+Enter begins a line, the draft outlives a reload', async () => {
  await composer().pressSequentially('one')
  await visit.page.keyboard.press('Shift+Enter')
  await composer().pressSequentially('two')
  await visit.page.reload()
  await expect.poll(() => composer().inputValue()).toBe('one\ntwo')
  await composer().press('Enter')
  await visit.sees(/^one\ntwo$/)
  await expect.poll(() => composer().inputValue()).toBe('')
})

test('a failure says its cause', async () => {
  const answer = await worker.claim()
  await answer.fail('The provider refused the request (401).')
  await visit.sees(/Failed: The provider refused the request \(401\)\./)
})

test('a message that is too long is refused beside the composer, and kept', async () => {
  const long = 'x'.repeat(200_000)
  await composer().fill(long)
  await visit.click('Send')
  await visit.sees(/^The message is longer than 128 KiB/)
  expect(await composer().inputValue()).toBe(long)
  await composer().fill('')
})

test('a worker that goes: told, interrupted with its text kept, and messages are for later', async () => {
  await composer().fill('Tell me a long story')
  await composer().press('Enter')
  await visit.sees('Tell me a long story')
  const answer = await worker.claim()
  await answer.append('Once upon')
  await visit.sees('Once upon')
  await composer().fill('and then?')
  await worker.beginDraining('SIGINT')
  await visit.sees('The worker is shutting down.')
  await visit.sees('Will be answered when docs is back.')
  await worker.goOffline('shutdown', { cause: 'SIGINT', drainMs: 200 })
  await visit.sees(/Interrupted: .*What was written is kept\./)
  await visit.sees('Once upon')
  await visit.sees('Will be answered when docs is back.')
  expect(await visit.page.getByRole('button', { name: 'Send', exact: true }).count()).toBe(0)
  expect(await visit.page.getByRole('button', { name: 'Send for later' }).isEnabled()).toBe(true)
  expect(await composer().inputValue()).toBe('and then?')
})

test('the next run of the worker takes the draft that waited', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.sees(/^Goes to docs/)
  await composer().press('Enter')
  await visit.sees('and then?')
  const answer = await worker.claim()
  await answer.append('They lived happily.')
  await answer.complete()
  await visit.sees('They lived happily.')
})

test('a long history: earlier messages on request, the reader’s place kept, the newest in view at first', async () => {
  for (let turn = 1; turn <= TURNS; turn += 1) {
    await composer().fill(`question ${turn}`)
    await composer().press('Enter')
    await expect.poll(() => composer().inputValue()).toBe('')
    const answer = await worker.claim()
    await answer.append(`answer ${turn}\n`.repeat(5))
    await answer.complete()
  }
  await visit.page.reload()
  await visit.sees(`answer ${TURNS}`)
  expect(await visit.page.getByText(`answer ${TURNS}`).isVisible()).toBe(true)
  expect(await visit.page.getByText('Why does it hang?', { exact: true }).count()).toBe(1) // only the heading
  const first = visit.page.getByRole('list', { name: 'Messages' }).getByRole('listitem').first()
  const message = await first.elementHandle()
  await visit.page.getByRole('list', { name: 'Messages' }).hover()
  await visit.page.mouse.wheel(0, -100_000)
  await visit.sees('To the latest')
  const before = await message.boundingBox()
  await visit.click('Show earlier')
  await visit.page.getByText('It waits for a timer.').waitFor({ state: 'attached' })
  const after = await message.boundingBox()
  expect(Math.abs((after?.y ?? NaN) - (before?.y ?? NaN))).toBeLessThan(3)
  await visit.click('↓ To the latest')
  await expect.poll(() => inView(visit.page.getByText(`answer ${TURNS}`))).toBe(true)
})

test('ending a chat is asked twice and final', async () => {
  await visit.click('End chat')
  await visit.click('End for good')
  await visit.sees('This chat has ended.')
  expect(await composer().count()).toBe(0)
  await visit.page.getByRole('link', { name: 'Start a new one with docs' }).click()
  await visit.sees('ended')
})

async function inView(locator: ReturnType<VisitedPage['page']['getByText']>): Promise<boolean> {
  return await locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < window.innerHeight
  })
}
