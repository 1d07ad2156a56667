import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

/** No way through a page of this fleet is longer. */
const STEPS = 60

let visit: VisitedPage
let worker: SimulatedWorker

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
  worker = await SimulatedWorker.register(visit.served.url, await visit.addApprovedWorker('build-03', 'docs'))
  await worker.ready()
  await visit.seesRow('docs', /ready/)
  await visit.page.reload()
  await visit.seesRow('docs', /ready/)
})
afterAll(() => visit.close())

const press = (key: string) => visit.page.keyboard.press(key)

/** Goes on by Tab until what is called `name` has the focus, which can be seen. */
async function tabTo(role: 'link' | 'button' | 'textbox', name: string): Promise<void> {
  const wanted = visit.page.getByRole(role, { name, exact: true })
  const way: string[] = []
  for (let step = 0; step < STEPS; step += 1) {
    await press('Tab')
    const focused = visit.page.locator(':focus')
    if ((await focused.count()) === 0) continue
    way.push((await focused.getAttribute('aria-label')) ?? (await focused.innerText()))
    for (const element of await wanted.all()) {
      if (!(await element.evaluate((candidate) => candidate === document.activeElement))) continue
      expect(await element.evaluate((focused) => getComputedStyle(focused).outlineStyle)).not.toBe('none')
      return
    }
  }
  throw new Error(`no way to ${name}: ${way.join(', ')}`)
}

const focusedId = () => visit.page.evaluate(() => document.activeElement?.id)

test('the first thing that is reached leads past the header', async () => {
  await press('Tab')
  const skip = visit.page.getByRole('link', { name: 'Skip to the content' })
  expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true)
  expect((await skip.boundingBox())?.height).toBeGreaterThan(20)
  await press('Enter')
  expect(await focusedId()).toBe('content')
  expect(new URL(visit.page.url()).hash).toBe('')
  await press('Tab')
  expect(await visit.page.locator(':focus').innerText()).toBe('Enter a code')
})

test('a worker is opened from the fleet, and a chat with it is started', async () => {
  await tabTo('link', 'docs')
  await press('Enter')
  await visit.page.getByRole('heading', { name: 'docs', exact: true }).waitFor()
  await tabTo('textbox', 'New chat with docs')
  await visit.page.keyboard.type('Tell me a story')
  await press('Enter')
  await visit.page.getByRole('heading', { name: 'Tell me a story' }).waitFor()
})

test('its answer is stopped', async () => {
  const answer = await worker.claim()
  await answer.append('Once upon')
  await visit.sees('Once upon')
  await tabTo('button', 'Stop the answer')
  await press('Enter')
  await visit.sees('Stopping…')
  await answer.interrupt('Stopped.')
  await visit.sees(/^Interrupted: Stopped\./)
})

test('the next message is written and sent; back to the worker, back to the fleet', async () => {
  await tabTo('textbox', 'Message to docs')
  await visit.page.keyboard.type('Go on')
  await tabTo('button', 'Send')
  await press('Enter')
  await visit.sees(/^Queued/)
  await visit.page.setViewportSize({ width: 800, height: 800 })
  await tabTo('link', 'docs')
  await press('Enter')
  await visit.page.getByRole('heading', { name: 'docs', exact: true }).waitFor()
  await tabTo('link', '‹ Fleet')
  await press('Enter')
  await visit.page.getByRole('main', { name: 'Fleet' }).waitFor()
  await visit.seesRow('docs', /ready|busy/)
})
