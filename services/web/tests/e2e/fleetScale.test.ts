import { api } from '@rollcall/backend/api'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { seededFunctions } from '@rollcall/backend/seededFunctions'
import { ConvexHttpClient } from 'convex/browser'
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { VisitedPage } from './VisitedPage'

/** What people with large fleets see, and what it costs their browsers. */

/** 5,000 workers by `pnpm test:all`; to make them takes most of the time. */
const MACHINES = isEverythingAsked ? 100 : 40
const PER_MACHINE = 50
const SECRET = 's'.repeat(43)
const OWNER = 'ada@example.com'

/** Three seconds of the heartbeats of 5,000 workers at the default interval of 30 s: 170 a second. */
const HEARTBEATS = 510
const AT_ONCE = 10

let visit: VisitedPage
let functionsDir: string
let workers: string[]

beforeAll(async () => {
  functionsDir = await seededFunctions()
  visit = await VisitedPage.open({}, functionsDir)
  await visit.signUp(OWNER)
  const secretHash = createHash('sha256').update(SECRET).digest('hex')
  const seeded = []
  for (let index = 0; index < MACHINES; index += 1) {
    const args = { ownerEmail: OWNER, name: `machine-${index}`, workers: PER_MACHINE, secretHash }
    seeded.push(await callAsAdmin(visit.served, 'seed:machine', args))
  }
  workers = seeded.flat() as string[]
  await visit.page.addInitScript(countCommits)
  await visit.page.goto(visit.served.url)
  await visit.page
    .getByLabel('Workers by status')
    .getByText(`${MACHINES * PER_MACHINE} ready`)
    .waitFor({ timeout: 30_000 })
})
afterAll(async () => {
  await visit.close()
  await rm(functionsDir, { recursive: true })
})

/** Commits of React since the page was opened, as its profiler counts them. */
const commits = () => visit.page.evaluate(() => (window as unknown as { commits: number }).commits)
const lines = () => visit.page.getByRole('list', { name: 'Machines and workers' }).getByRole('listitem')

test('only the lines that are seen are in the document, and a screen reader is told of how many they are', async () => {
  expect(await lines().count()).toBeLessThan(60)
  expect(await lines().first().getAttribute('aria-setsize')).toBe(String(MACHINES * (PER_MACHINE + 1)))
})

test('heartbeats render nothing', async () => {
  const client = new ConvexHttpClient(visit.served.url)
  const beat = async (index: number) => {
    const workerId = workers[index]
    if (workerId === undefined) throw new Error('a fleet')
    const credentials = { workerId, secret: SECRET, epoch: 1 }
    expect(await client.mutation(api.workers.heartbeat, { credentials, seq: 1 })).toEqual({ kind: 'counted' })
  }
  const before = await commits()
  for (let index = 0; index < HEARTBEATS; index += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => beat(index + offset)))
  }
  expect(await commits()).toBe(before)
})

test('one worker that goes is seen at once, first of all', async () => {
  const before = await commits()
  const [workerId = ''] = workers.slice(-1)
  const client = new ConvexHttpClient(visit.served.url)
  await client.mutation(api.workers.goOffline, {
    ...{ credentials: { workerId, secret: SECRET, epoch: 1 }, reason: 'crashed' },
    evidence: { exitCode: 1 },
  })
  await visit.page.getByLabel('Workers by status').getByText('1 crashed').waitFor()
  await lines().nth(1).locator('[data-status=crashed]').waitFor()
  expect(await commits()).toBeGreaterThan(before)
})

test('any of them is found, and the ends are reached by keyboard', async () => {
  await visit.page.keyboard.press('/')
  await visit.page.keyboard.type('machine-33 worker-49')
  await visit.sees(`1 of ${MACHINES * PER_MACHINE} workers`)
  await visit.seesRow('worker-49', /ready/)
  await visit.click('Show all')
  await lines().first().getByRole('button', { expanded: true }).focus()
  await visit.page.keyboard.press('End')
  const focused = visit.page.locator(':focus')
  await visit.page.waitForFunction(
    (last) => document.activeElement?.closest('li')?.ariaPosInSet === String(last),
    MACHINES * (PER_MACHINE + 1),
  )
  expect(await focused.innerText()).toBe('worker-49')
  await visit.page.keyboard.press('Home')
  await visit.page.waitForFunction(() => document.activeElement?.closest('li')?.ariaPosInSet === '1')
  await visit.page.keyboard.press('ArrowLeft')
  expect(await focused.getAttribute('aria-expanded')).toBe('false')
  await visit.page.keyboard.press('ArrowDown')
  expect(await focused.getAttribute('aria-expanded')).toBe('true')
})

/** React tells of every commit to what its developer tools put here. */
function countCommits(): void {
  const counted = Object.assign(window, { commits: 0 })
  const onCommitFiberRoot = () => {
    counted.commits += 1
  }
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      ...{ supportsFiber: true, renderers: new Map(), inject: () => 1, checkDCE: () => {} },
      ...{ onCommitFiberRoot, onCommitFiberUnmount: () => {}, onPostCommitFiberRoot: () => {} },
    },
  })
}
