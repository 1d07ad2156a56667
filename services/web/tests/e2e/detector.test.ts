import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

const HOUR = 3_600_000
const MINUTE = 60_000

let visit: VisitedPage
let token: string
let worker: SimulatedWorker

/**
 * The viewer's clock is five hours ahead, in all of this. The page's own passing of time is the test's (`fastForward`), and
 * so is the server's clock (`vi.setSystemTime`; the backend runs in this process): while it stands still, no sweep is due.
 */
beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.page.clock.install({ time: Date.now() + 5 * HOUR })
  await visit.signUp('ada@example.com')
  token = await visit.addApprovedWorker('build-03', 'docs')
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => {
  await visit.close()
})

/** The statuses as they read, with the question mark of a doubted shape. */
async function statuses(): Promise<string[]> {
  const texts = await visit.page.locator('[data-status]').allInnerTexts()
  return texts.map((text) => text.replace(/\s+/g, ' '))
}

async function setStaleThreshold(staleThresholdMs: number): Promise<void> {
  const heartbeatIntervalMs = Math.floor(staleThresholdMs / 3)
  await callAsAdmin(visit.served, 'settings:update', { heartbeatIntervalMs, staleThresholdMs })
}

/** The minute of `at`, or one beside it, as the page writes it. */
function minuteOf(at: number): string {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
  return `(${[at - MINUTE, at, at + MINUTE].map((minute) => clock.format(minute)).join('|')})`
}

test('a viewer’s clock that is hours ahead changes nothing: confirmed, counted and shown in server time', async () => {
  expect(await visit.page.evaluate(() => Date.now())).toBeGreaterThan(Date.now() + 4 * HOUR)
  await visit.seesRow('docs', new RegExp(`ready.*Ready since ${minuteOf(Date.now())}`))
  await visit.sees(new RegExp(`^live · ${minuteOf(Date.now())}`))
  await worker.beginDraining('SIGTERM', 59_000)
  await visit.seesRow('docs', /draining.*Shutting down \(SIGTERM\), 5\d s left/)
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await worker.reportHang(true)
  await visit.seesRow('docs', /hung.*Not responding for \d s/)
  await worker.reportHang(false)
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.sees(/^Came online (just now|\d+ s ago)$/)
  await visit.page.getByRole('link', { name: 'Fleet' }).click()
  expect(await statuses()).toEqual(['ready'])
  expect(await visit.page.getByText('unconfirmed').count()).toBe(0)
})

test('the sweep does not come: unconfirmed, in amber, counting; a lost connection is the greater doubt', async () => {
  await setStaleThreshold(3000)
  vi.useFakeTimers({ toFake: ['Date'] }) // The server's clock stands still.
  await visit.page.clock.fastForward(15_000)
  await visit.sees(/^The detector is 1\d s late; statuses are unconfirmed/)
  expect(await statuses()).toEqual(['? unconfirmed'])
  const shape = visit.page.locator('[data-status=ready] [data-shape]')
  expect(await shape.getAttribute('data-shape')).toBe('●')
  await visit.sees('1 of 1 online, unconfirmed')
  expect(await visit.page.title()).toBe('unconfirmed: 1 ready · Rollcall')
  expect(await visit.page.locator('link[rel=icon]').getAttribute('href')).toMatch(/\/unconfirmed-/)
  await visit.page.clock.fastForward(10_000) // The server has been silent for too long.
  await visit.sees('Connection lost')
  expect(await statuses()).toEqual(['last known'])
  expect(await visit.page.getByText(/^The detector is/).count()).toBe(0)
  await worker.reportHang(true) // The server says something.
  await visit.sees(/^The detector is [23]\d s late/)
  expect(await statuses()).toEqual(['? unconfirmed'])
})

test('the sweep comes: confirmed again by itself, and nothing is left of it', async () => {
  const beatAndLook = async () => {
    await worker.beat()
    return await statuses()
  }
  await expect.poll(beatAndLook, { timeout: 10_000 }).toEqual(['hung'])
  expect(await visit.page.getByText(/unconfirmed|^The detector is/).count()).toBe(0)
  await setStaleThreshold(90_000)
})

test('the backend was away: nobody is judged until the end of the grace; it is quiet, and ends by itself', async () => {
  await setStaleThreshold(15_000)
  await visit.served.stop()
  await visit.sees('Connection lost')
  const slept = Date.now() + 5 * MINUTE
  vi.useFakeTimers({ toFake: ['Date'], now: slept, shouldAdvanceTime: true })
  await visit.page.clock.fastForward(5 * MINUTE)
  await noteClaims(/^The detector is/)
  await visit.served.startAgain()
  await visit.sees(/^Nobody is judged until \d\d:\d\d:\d\d: the backend was away\. Whoever/)
  await visit.sees(new RegExp(`^live · ${minuteOf(slept)}`))
  expect(await statuses()).toEqual(['hung'])
  await visit.page.clock.fastForward(15_000)
  await visit.seesNoMore(/^Nobody is judged/)
  expect(await claims()).toEqual([])
})

/** From now on notes what banners and notes say that begin like `pattern`, however briefly it is there. */
async function noteClaims(pattern: RegExp): Promise<void> {
  await visit.page.evaluate((pattern) => {
    const noted: string[] = []
    Object.assign(window, { noted })
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll('[role=status] p')) {
        if (pattern.test(textContent)) noted.push(textContent)
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  }, pattern)
}

async function claims(): Promise<string[]> {
  return await visit.page.evaluate(() => (window as unknown as { noted: string[] }).noted)
}
