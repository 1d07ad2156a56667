import { launchBrowser } from '@rollcall/web/testBrowser'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBackend, readAdminKey, readBackendRecord } from '../../src/backend/BackendRecord'
import { PATIENCE, untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/**
 * The main job as a person does it: one command for backend and page, one for a worker with the scripted model, and a browser.
 * The tests follow one another on the same chat.
 */

const workplace = useWorkplace()
let dev: Command
let worker: Command
let browser: Browser
let page: Page

beforeAll(async () => {
  dev = workplace.rollcall(['dev', '--built'])
  await untilPrinted(dev, 'Stop ')
  // With opencode's own catalog of models, as people have it.
  worker = workplace.rollcall(['start', '--demo'], { env: { OPENCODE_MODELS_PATH: '' } })
  browser = await launchBrowser()
  page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE.timeout)
  await untilPrinted(worker, '#link=')
})

afterAll(() => browser.close())

const seen = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor()
const row = (text: RegExp): Locator => page.getByRole('listitem').filter({ hasText: text })

/** Of many words, which the scripted model repeats: its answer takes some seconds. */
const question = `Please count the sheep ${'• '.repeat(48)}`

describe('start --demo, seen in a browser', () => {
  it('signs in by the link of the terminal and shows the worker ready', async () => {
    const link = /http\S+#link=[\w-]+/.exec(worker.output())?.[0]
    if (link === undefined) throw new Error('a link was printed')
    await page.goto(link)
    await row(/ready.*worker.*Ready since/).waitFor()
  })

  it('answers a chat, streaming', async () => {
    await page.getByRole('link', { name: 'worker', exact: true }).click()
    await page.getByPlaceholder(/What should/).fill(question)
    await page.getByRole('button', { name: 'Start chat' }).click()
    await seen('Writing')
    await seen(/count the sheep[^]*/)
    await page.getByText('Writing').waitFor({ state: 'hidden' })
  })

  it('shows what is in the backend to whoever has its key, which no address ever holds', async () => {
    const inspected = await browser.newPage()
    inspected.setDefaultTimeout(PATIENCE.timeout)
    const asked: string[] = []
    inspected.on('request', (request) => asked.push(request.url()))
    await inspected.goto(`http://127.0.0.1:${workplace.port}/_inspect#tables/workers`)
    const key = readAdminKey(workplace.dataDir)
    for (const typed of ['wrong', key]) {
      await inspected.getByLabel('Admin key').fill(typed)
      await inspected.getByRole('button', { name: 'Open' }).click()
      if (typed !== key) await inspected.getByText('That is not the key').waitFor()
    }
    await inspected.getByText('1 document,').waitFor()
    for (const [part, text] of [
      ['Functions', /\d calls since/],
      ['Logs', 'chat:'],
      ['Scheduled', 'Waiting'],
      ['Crons', 'every 2 minutes'],
    ] as const) {
      await inspected.getByRole('link', { name: part }).click()
      await inspected.getByText(text).first().waitFor()
    }
    expect(asked.filter((url) => url.includes(key))).toEqual([])
    await inspected.close()
  })

  it('goes on with the same users, machines, chats when the backend is killed in the middle of an answer', async () => {
    await page.getByPlaceholder(/^Message/).fill('And now the goats')
    await page.getByRole('button', { name: 'Send' }).click()
    await seen('Writing')
    const { pid } = readBackendRecord(workplace.dataDir) ?? {}
    if (pid === undefined) throw new Error('a backend runs')
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(
      async () => expect((await findBackend(workplace.dataDir))?.record.pid ?? pid).not.toBe(pid),
      PATIENCE,
    )
    await page.getByText('Writing').waitFor({ state: 'hidden' })
    await seen('Please count the sheep')
    await seen('And now the goats')
    expect(await page.getByText(/the worker and opencode\.$/).count()).toBe(2)
    expect(await page.getByText(/Interrupted|Failed/).count()).toBe(0)
    expect((await findBackend(workplace.dataDir))?.api.url).toBe(`http://127.0.0.1:${workplace.port}`)
    await workplace.untilWorker('worker', { status: 'online', phase: 'ready', epoch: 1 })
  })

  it('shows Ctrl+C on the page, with the reason, and the machine offline', async () => {
    worker.child.kill('SIGINT')
    expect(await worker.exit).toBe(0)
    await page
      .getByRole('link', { name: 'Fleet' })
      .or(page.getByRole('link', { name: 'Rollcall' }))
      .first()
      .click()
    await row(/offline.*worker.*Shut down .*by Ctrl\+C/).waitFor()
    await seen(/0 of 1 online/)
    await untilGone(worker)
  })

  it('ends with everything that it started', async () => {
    dev.child.kill('SIGINT')
    expect(await dev.exit).toBe(0)
    await untilGone(dev)
  })
})
