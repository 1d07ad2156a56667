import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './callAsAdmin'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let token: string
let worker: SimulatedWorker

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
  token = await visit.addApprovedWorker('build-03', 'docs')
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.seesRow('docs', /ready/)
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.sees('Timeline')
})
afterAll(async () => {
  await visit.close()
})

/** Waits until the newest event of the timeline is `title` with `evidence` below it, and the heading's status is `word`. */
async function seesStatus(word: string, title: RegExp, evidence: RegExp): Promise<void> {
  await visit.page.getByRole('main').locator(`[data-status=${word}]`).waitFor()
  const newest = visit.page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').first()
  await newest.filter({ hasText: title }).filter({ hasText: evidence }).waitFor()
}

test('hung → working again: red, counting, and no event, for it is still there', async () => {
  await worker.reportHang(true)
  await visit.sees(/^Not responding for \d+ s; its supervisor is watching$/)
  await seesStatus('hung', /Came online/, /^/)
  await visit.page.getByLabel('Workers by status').getByText('1 hung').waitFor()
  await worker.reportHang(false)
  await visit.sees(/^Ready since/)
})

test('killed: loud at once, with the signal, seen by its supervisor', async () => {
  await worker.reportExit({ signal: 'SIGKILL' })
  await seesStatus('crashed', /Killed \(SIGKILL\) /, /run 1 · seen by its supervisor · signal SIGKILL/)
})

test('ended with an exit code: the code and its last words', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.reportExit({ exitCode: 137, message: 'out of memory\n    at file.ts:1:1' })
  await seesStatus(
    'crashed',
    /Crashed \(exit code 137\) .*: out of memoryrun 2/,
    /run 2 · seen by its supervisor · exit code 137 · last heartbeat/,
  )
})

test('started twice: the first is replaced by the backend’s decision, the second is the one shown', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await seesStatus('starting', /Came online/, /run 3 · told by the worker itself/)
  worker = await SimulatedWorker.register(visit.served.url, token, 4712)
  await worker.ready()
  await seesStatus('ready', /Came online/, /run 4/)
  const second = visit.page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').nth(1)
  expect(await second.innerText()).toMatch(/Replaced\s+run 3 · decided by the backend · last heartbeat/)
  expect(await second.locator('[data-shape]').getAttribute('data-shape')).toBe('⊘')
  await visit.sees('pid 4712')
})

test('silent → lost, noticed by the sweep at the deadline; heard again → recovered, with the gap', async () => {
  await callAsAdmin(visit.served, 'settings:update', { heartbeatIntervalMs: 200, staleThresholdMs: 1000 })
  await seesStatus(
    'lost',
    /Not heard from since \d\d:\d\d/,
    /run 4 · noticed by the sweep · last heartbeat \d/,
  )
  await callAsAdmin(visit.served, 'settings:update', {
    heartbeatIntervalMs: 30_000,
    staleThresholdMs: 90_000,
  })
  await worker.beat()
  await worker.ready()
  await seesStatus('ready', /Heard again /, /run 4 · told by the worker itself · silent for \d/)
})
