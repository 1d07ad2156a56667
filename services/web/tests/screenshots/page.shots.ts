import { seededFunctions } from '@rollcall/backend/seededFunctions'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import type { Answer, SimulatedWorker } from '../e2e/SimulatedWorker'
import { VisitedPage } from '../e2e/VisitedPage'
import { aFleet } from './fleet'

const images = process.env['ROLLCALL_IMAGES'] ?? join(import.meta.dirname, '../../../../docs/images')

const sizes = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1024, height: 720 },
  wide: { width: 1920, height: 1000 },
}
type Size = keyof typeof sizes
type Theme = 'light' | 'dark'

let visit: VisitedPage
let functionsDir: string
let fleet: Awaited<ReturnType<typeof aFleet>>

beforeAll(async () => {
  functionsDir = await seededFunctions()
  visit = await VisitedPage.open({}, functionsDir)
  await visit.page.setViewportSize(sizes.wide)
})
afterAll(async () => {
  await visit.close()
  await rm(functionsDir, { recursive: true })
})

/** The page as it is, in each size and theme; `docs/images` keeps some of them. */
async function shoot(name: string, kept: readonly `${Size}-${Theme}`[]): Promise<void> {
  const areAllWanted = process.env['ROLLCALL_IMAGES'] !== undefined
  for (const theme of ['light', 'dark'] as const) {
    await visit.page.emulateMedia({ colorScheme: theme })
    for (const size of ['phone', 'laptop', 'wide'] as const) {
      if (!areAllWanted && !kept.includes(`${size}-${theme}`)) continue
      await visit.page.setViewportSize(sizes[size])
      await visit.page.screenshot({ path: join(images, `${name}-${size}-${theme}.png`) })
    }
  }
  await visit.page.setViewportSize(sizes.wide)
}

test('nobody yet', async () => {
  await visit.signUp('ada@example.com')
  await shoot('empty', ['laptop-light'])
})

test('the fleet', async () => {
  fleet = await aFleet(visit)
  await fleet.nightly.reportExit({ signal: 'SIGKILL', restartInMs: 9_000 })
  await fleet.scratch.goOffline('shutdown', { cause: 'SIGINT', drainMs: 310 })
  await startChat('api', 'Why is the build slow?')
  await visit.goTo('/')
  await visit.seesRow('api', /busy/)
  await visit.seesRow('nightly', /%/)
  await shoot('fleet', ['wide-light', 'wide-dark', 'phone-light'])
})

test('a worker with a past', async () => {
  await visit.page.getByRole('link', { name: 'nightly', exact: true }).click()
  await visit.sees('30 days')
  await visit.page.locator('svg[role=img]').last().waitFor()
  await shoot('worker', ['wide-light', 'phone-dark'])
})

test('a chat that asks', async () => {
  await visit.goTo('/')
  await visit.page.getByRole('link', { name: 'api', exact: true }).click()
  await visit.page.getByRole('link', { name: 'Why is the build slow?' }).click()
  await visit.sees('may it run')
  await shoot('chat', ['laptop-light', 'phone-dark'])
})

test('a page that has lost its backend', async () => {
  await visit.goTo('/')
  await visit.seesRow('api', /busy/)
  await visit.seesRow('nightly', /%/)
  await visit.served.stop()
  await visit.sees('Connection lost')
  await shoot('disconnected', ['laptop-light'])
})

async function startChat(name: 'api', title: string): Promise<Answer> {
  const worker: SimulatedWorker = fleet[name]
  await visit.page.getByRole('link', { name, exact: true }).click()
  await visit.page.getByRole('textbox', { name: `New chat with ${name}` }).fill(title)
  await visit.click('Start chat')
  await visit.sees(/^Queued/)
  const answer = await worker.claim()
  const read = { kind: 'tool' as const, tool: 'read', title: 'vite.config.ts', status: 'completed' as const }
  await answer.putParts(
    {
      ...{ key: 'r1', at: 0 },
      what: {
        kind: 'reasoning',
        status: 'completed',
        text: 'The bundle is built twice: look at the configuration first.',
      },
    },
    { key: 't1', at: 0, what: { ...read, input: '{"path":"vite.config.ts"}', output: 'export default …' } },
  )
  await answer.append(
    'The page is **built once per test file**: 20 builds of 3 s each.\n\n```ts\nbeforeAll(async () => {\n  page = await build()\n})\n```\n\nTwo ways out:\n\n1. build it in a global setup,\n2. or keep the folder between runs.\n\nI would take the first: may it run?',
  )
  await answer.raise('per_1', {
    kind: 'permission',
    permission: 'bash',
    patterns: ['pnpm test --project e2e'],
  })
  return answer
}
