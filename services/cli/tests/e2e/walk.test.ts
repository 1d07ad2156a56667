import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '@rollcall/web/testBrowser'
import { makeFunctionReference } from 'convex/server'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { findBackend } from '../../src/backend/BackendRecord'
import { PROMISED, showsWithin } from './promises'
import { PATIENCE, processesMarked, untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/**
 * A worker comes in, dies in every way there is, comes back, and goes, as a person sees it: real processes, the real opencode
 * and a real browser. The steps follow one another on the same worker and the same chat.
 */

/** Low enough to be waited for. Milliseconds. */
const quickTimes = { heartbeatIntervalMs: 500, staleThresholdMs: 3_000 }
const usualTimes = { heartbeatIntervalMs: 30_000, staleThresholdMs: 90_000 }
const updateSettings = makeFunctionReference<'mutation', Partial<typeof usualTimes>>('settings:update')

const workplace = useWorkplace()
const pageErrors: string[] = []
let dev: Command
let worker: Command
let browser: Browser
let page: Page

beforeAll(async () => {
  dev = workplace.rollcall(['dev', '--built'])
  browser = await launchBrowser()
  page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE.timeout)
  page.on('pageerror', ({ message }) => pageErrors.push(message))
  await untilPrinted(dev, 'Stop ')
})

afterAll(async () => {
  await browser.close()
  process.kill(dev.pid, 'SIGINT')
  await untilGone(dev)
})

// After a step that failed, the others would only wait in vain.
let hasFailed = false
beforeEach(({ skip }) => skip(hasFailed))
afterEach(({ task }) => {
  hasFailed ||= task.result?.state === 'fail'
})

/** In a process group of its own, as a terminal's foreground job is. */
function start(): void {
  worker = workplace.rollcall(['start', '--demo'], {
    ownGroup: true,
    env: {
      CONVEX_URL: `http://127.0.0.1:${workplace.port}`,
      ROLLCALL_CONFIG_DIR: join(workplace.dataDir, 'config'),
      WORKER_NAME: 'web',
    },
  })
}

function linkIn(command: Command, pattern: RegExp): string {
  const link = pattern.exec(command.output())?.[0]
  if (link === undefined) throw new Error('a link was printed')
  return link
}

const click = (name: string) => page.getByRole('button', { name, exact: true }).click()
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
const main = (): Locator => page.getByRole('main')
const heading = (word: string) => main().locator(`[data-status=${word}]`).waitFor()

/** Waits until the newest event is `title`, with `evidence` below it. */
async function newestEvent(title: RegExp, evidence: RegExp): Promise<void> {
  const newest = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').first()
  await newest.filter({ hasText: title }).filter({ hasText: evidence }).waitFor()
}

/** Waits until the page shows the worker ready, by the process that is its `run`th. */
async function readyInRun(run: number): Promise<void> {
  await newestEvent(/^Came online/, new RegExp(`run ${run} ·`))
  await heading('ready')
  await seen(/^Ready since/)
}

/** The process that the page says is the worker's. */
async function shownPid(): Promise<number> {
  return Number(/\d+/.exec(await page.getByText(/^pid \d+$/).innerText())?.[0])
}

async function setTimes(times: typeof usualTimes): Promise<void> {
  await (await findBackend(workplace.dataDir))?.api.run(updateSettings, times)
}

it('the first visit: an account by the link of the terminal, and nobody there yet', async () => {
  await page.goto(linkIn(dev, /http\S+#link=[\w-]+/))
  await seen('No machines yet')
  await page.getByRole('link', { name: 'Account owner@localhost' }).waitFor()
})

it('a worker without a token is let in by the link that it prints, and is ready', async () => {
  start()
  await untilPrinted(worker, '#code=')
  await page.goto('about:blank')
  await page.goto(linkIn(worker, /http\S+#code=[\w-]+/))
  await page.getByLabel('Machine name').fill('laptop')
  await click('Let it in')
  await page.getByRole('heading', { name: 'web' }).waitFor()
  await readyInRun(1)
  await page.getByRole('link', { name: 'web', exact: true }).waitFor()
  await seen('laptop')
})

it('it answers a chat', async () => {
  await page.getByLabel('Model').selectOption('Scripted: slow')
  await page.getByRole('textbox', { name: 'New chat with web' }).fill('Count the sheep\nwords: 3')
  await page.keyboard.press('Enter')
  await page.locator('[data-message-status=completed]').getByText('word1 word2 word3').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'web', exact: true }).click()
  await heading('ready')
})

it('kill -9 of the worker: crashed, with the signal, and ready again by itself', async () => {
  const pid = await shownPid()
  await showsWithin(
    PROMISED.killed,
    () => process.kill(pid, 'SIGKILL'),
    () =>
      Promise.all([
        heading('crashed'),
        newestEvent(/^Killed \(SIGKILL\)/, /run 1 · seen by its supervisor · .*signal SIGKILL/),
      ]),
  )
  await readyInRun(2)
  expect(await shownPid()).not.toBe(pid)
})

it('kill of the supervisor: shut down by SIGTERM, exit 0; started again, ready', async () => {
  await showsWithin(
    PROMISED.stopped,
    () => process.kill(worker.pid, 'SIGTERM'),
    () =>
      Promise.all([
        heading('offline'),
        newestEvent(/^Shut down .* by SIGTERM, drained in/, /run 2 · told by the worker itself/),
      ]),
  )
  expect(await worker.exit).toBe(0)
  await untilGone(worker)
  start()
  await readyInRun(3)
})

it('kill -9 of the supervisor: shut down because it was gone, nothing left; started again, ready', async () => {
  await showsWithin(
    PROMISED.supervisorGone,
    () => process.kill(worker.pid, 'SIGKILL'),
    () =>
      Promise.all([
        heading('offline'),
        newestEvent(/^Shut down .* because its supervisor was gone/, /run 3 · told by the worker itself/),
      ]),
  )
  await untilGone(worker)
  start()
  await readyInRun(4)
})

it('Configurable thresholds per deployment: at 3 s a machine that stands still is lost; it wakes: heard again, no restart', async () => {
  await setTimes(quickTimes)
  const before = (await workplace.worker('web'))?.lastHeartbeatAt
  await vi.waitFor(
    async () => expect((await workplace.worker('web'))?.lastHeartbeatAt).not.toBe(before),
    PATIENCE,
  )
  const pids = processesMarked(worker.mark).map(({ pid }) => pid)
  const signalAll = (signal: NodeJS.Signals) => () => pids.forEach((pid) => process.kill(pid, signal))
  await showsWithin(
    PROMISED.lateness,
    signalAll('SIGSTOP'),
    () =>
      Promise.all([
        heading('lost'),
        newestEvent(
          /^Not heard from since/,
          /run 4 · noticed by the sweep · last heartbeat (?:[3-9]|1\d)(?:\.\d)? s before/,
        ),
      ]),
    quickTimes.staleThresholdMs,
  )
  await showsWithin(PROMISED.waking, signalAll('SIGCONT'), () =>
    Promise.all([
      newestEvent(/^Heard again/, /run 4 · told by the worker itself · silent for/),
      heading('ready'),
    ]),
  )
  await setTimes(usualTimes)
})

it('Ctrl+C while it answers: the chat is interrupted with its text kept, the worker offline by Ctrl+C', async () => {
  await page.getByRole('link', { name: /^Count the sheep/ }).click()
  await seen('word1 word2 word3')
  await page.getByRole('textbox', { name: 'Message to web' }).fill('And the goats\nwords: 500')
  await page.keyboard.press('Enter')
  const answer = page.locator('[data-message-status]').last()
  await answer.getByText('word1 word2 word3 word4').waitFor()
  await showsWithin(
    PROMISED.stopped,
    () => process.kill(-worker.pid, 'SIGINT'),
    () =>
      Promise.all([
        heading('offline'),
        answer.getByText(/^Interrupted: .*What was written is kept\./).waitFor(),
      ]),
  )
  expect(await answer.innerText()).toContain('word1 word2 word3 word4')
  expect(await worker.exit).toBe(0)
  await untilGone(worker)
  await page.getByRole('main').getByRole('link', { name: 'web', exact: true }).click()
  await newestEvent(/^Shut down .* by Ctrl\+C/, /run 4 · told by the worker itself/)
})

it('is revoked there: offline at once, its process says so and exits with 4, its token is kept nowhere', async () => {
  start()
  await readyInRun(5)
  await click('Revoke web')
  await click('Revoke for good')
  await seen('Revoked; its token is worth nothing now')
  expect(await worker.exit).toBe(4)
  expect(worker.output()).toMatch(/revoked/i)
  const { port, dataDir } = workplace
  expect(existsSync(join(dataDir, 'config', `127.0.0.1_${port}`, 'web', 'token.json'))).toBe(false)
  await untilGone(worker)
  expect(pageErrors).toEqual([])
})
