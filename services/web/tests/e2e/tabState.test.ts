import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

/** How long the page may take to tell something; it collects for 2 s. */
const PATIENCE = 10_000

let visit: VisitedPage
let token: string
let worker: SimulatedWorker

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
})
afterAll(() => visit.close())

/** Waits until the browser's tab is called this and has this icon, which can be shown there and then. */
async function seesTab(title: string, icon: RegExp): Promise<void> {
  await expect.poll(() => visit.page.title(), { timeout: PATIENCE }).toBe(title)
  const link = visit.page.locator('link[rel=icon]')
  await expect.poll(() => link.getAttribute('href'), { timeout: PATIENCE }).toMatch(icon)
  const width = await link.evaluate(async (element: HTMLLinkElement) => {
    const image = new Image()
    image.src = element.href
    await image.decode()
    return image.width
  })
  expect(width).toBeGreaterThan(0)
}

/** What a screen reader was told of the fleet since the last time, and will have been told of. */
async function heard(): Promise<string[]> {
  return await visit.page.evaluate(() => (window as unknown as { heard: string[] }).heard.splice(0))
}

async function listen(): Promise<void> {
  await visit.page.evaluate(() => {
    const region = document.querySelector('[role=status][aria-label="Changes in the fleet"]')
    if (region === null) throw new Error('there is no live region')
    const heard: string[] = []
    Object.assign(window, { heard })
    new MutationObserver(() => region.textContent !== '' && heard.push(region.textContent)).observe(region, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
}

test('nobody: Rollcall’s own', async () => {
  await seesTab('Rollcall', /\/icon\.svg$/)
})

test('the fleet’s worst status, with how many have it', async () => {
  token = await visit.addApprovedWorker('build-03', 'api')
  await seesTab('1 offline · Rollcall', /\/offline-[\w-]+\.svg$/)
  await listen()
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await seesTab('1 ready · Rollcall', /\/ready-[\w-]+\.svg$/)
  await expect.poll(heard, { timeout: PATIENCE }).toEqual(['api ready'])
  await visit.addWorker('studio', 'docs')
  await seesTab('1 waiting · Rollcall', /\/waiting-[\w-]+\.svg$/)
  await visit.click('I have copied it')
})

test('a crash is heard once; on other pages the name comes first, then the worst, or the worker’s own status', async () => {
  await worker.reportExit({ signal: 'SIGKILL' })
  await seesTab('1 crashed · Rollcall', /\/crashed-[\w-]+\.svg$/)
  await expect.poll(heard, { timeout: PATIENCE }).toEqual(['api crashed'])
  await visit.page.getByRole('link', { name: 'Account ada@example.com' }).click()
  await seesTab('Account — 1 crashed · Rollcall', /\/crashed-/)
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await seesTab('docs — waiting · Rollcall', /\/crashed-/)
  await visit.page.getByRole('link', { name: 'Rollcall' }).click()
  await seesTab('1 crashed · Rollcall', /\/crashed-/)
})

test('a lost connection: last known, by an icon that was fetched before; what happened meanwhile is heard afterwards', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.click('Approve docs')
  await seesTab('1 ready · Rollcall', /\/ready-/)
  await expect.poll(heard, { timeout: PATIENCE }).toEqual(['2 workers changed: 1 ready, 1 offline'])
  await visit.served.stop()
  await seesTab('last known: 1 ready · Rollcall', /\/last-known-[\w-]+\.svg$/)
  await visit.served.startAgain()
  await worker.goOffline('crashed', { exitCode: 1 })
  await expect.poll(() => visit.page.title(), { timeout: 30_000 }).toBe('1 crashed · Rollcall')
  await expect.poll(heard, { timeout: PATIENCE }).toEqual(['api crashed'])
})
