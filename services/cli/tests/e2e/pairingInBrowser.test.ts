import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '@rollcall/web/testBrowser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PATIENCE, untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/** A worker comes in and goes as a person does it: real processes and a real browser. */

const workplace = useWorkplace()
let dev: Command
let worker: Command
let browser: Browser
let page: Page

beforeAll(async () => {
  dev = workplace.rollcall(['dev', '--built'])
  browser = await launchBrowser()
  page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE.timeout)
  await untilPrinted(dev, 'Stop ')
  await page.goto(linkIn(dev, /http\S+#link=[\w-]+/))
  await page.getByText('No machines yet').waitFor()
})

afterAll(async () => {
  await browser.close()
  process.kill(dev.pid, 'SIGINT')
  await untilGone(dev)
})

function linkIn(command: Command, pattern: RegExp): string {
  const link = pattern.exec(command.output())?.[0]
  if (link === undefined) throw new Error('a link was printed')
  return link
}

const click = (name: string) => page.getByRole('button', { name, exact: true }).click()

it('a worker without a token is let in by the link that it prints, and is ready', async () => {
  worker = workplace.rollcall(['start', '--demo'], {
    env: {
      CONVEX_URL: `http://127.0.0.1:${workplace.port}`,
      ROLLCALL_CONFIG_DIR: join(workplace.dataDir, 'config'),
      WORKER_NAME: 'web',
    },
  })
  await untilPrinted(worker, '#code=')
  await page.goto('about:blank')
  await page.goto(linkIn(worker, /http\S+#code=[\w-]+/))
  await page.getByLabel('Machine name').fill('laptop')
  await click('Let it in')
  await page.getByRole('heading', { name: 'web' }).waitFor()
  await page.getByText(/^Ready since/).waitFor()
})

it('is revoked there: offline at once, its process says so and exits with 4, its token is kept nowhere', async () => {
  await click('Revoke web')
  await click('Revoke for good')
  await page.getByText('Revoked; its token is worth nothing now').first().waitFor()
  expect(await worker.exit).toBe(4)
  expect(worker.output()).toMatch(/revoked/i)
  const { port, dataDir } = workplace
  expect(existsSync(join(dataDir, 'config', `127.0.0.1_${port}`, 'web', 'token.json'))).toBe(false)
  await untilGone(worker)
})
