import { api } from '@rollcall/backend/api'
import { ConvexHttpClient } from 'convex/browser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fleetOfEveryStatus } from './fleetOfEveryStatus'
import { seriousFaults } from './seriousFaults'
import type { Answer, SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let worker: SimulatedWorker
let answer: Answer

beforeAll(async () => {
  visit = await VisitedPage.open()
})
afterAll(() => visit.close())

async function expectNoFaults(): Promise<void> {
  expect(await seriousFaults(visit.page)).toEqual([])
}

async function say(text: string): Promise<void> {
  await visit.page.getByRole('textbox', { name: 'Message to busy-one' }).fill(text)
  await visit.page.keyboard.press('Enter')
  await visit.page.getByRole('list', { name: 'Messages' }).getByText(text).waitFor()
}

async function sayAndClaim(text: string): Promise<Answer> {
  await say(text)
  return await worker.claim()
}

test('it finds what is wrong', async () => {
  await visit.goTo('/')
  await visit.sees('Create an account')
  await visit.page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')))
  expect(await seriousFaults(visit.page)).toEqual(
    expect.arrayContaining([expect.stringContaining('button-name')]),
  )
})

test('sign-in with what is wrong, sign-up, an invitation', async () => {
  await visit.goTo('/sign-in')
  await visit.submitAccount('eve@example.com', 'Sign in')
  await visit.sees(/^Email or password is wrong/)
  await expectNoFaults()
  await visit.click('Create an account')
  await expectNoFaults()
  await visit.goTo('/sign-up#invitation=made-up')
  await visit.sees('You were invited.')
  await expectNoFaults()
})

test('the empty fleet', async () => {
  await visit.signUp('ada@example.com')
  await expectNoFaults()
})

test('a fleet with every status, a token, a question asked twice', async () => {
  worker = await fleetOfEveryStatus(visit)
  await visit.page.getByRole('link', { name: 'busy-one' }).click()
  await visit.page.getByRole('textbox', { name: 'New chat with busy-one' }).fill('Look around')
  await visit.click('Start chat')
  await visit.sees(/^Queued/)
  answer = await worker.claim()
  await visit.page.getByRole('link', { name: 'Rollcall' }).click()
  for (const word of ['ready', 'busy', 'draining', 'hung', 'crashed', 'lost', 'starting', 'offline'])
    await visit.seesRow(`${word}-one`, new RegExp(`^${word}`))
  await expectNoFaults()
  await visit.click('Add worker to build-03')
  await visit.page.getByLabel('Worker name').fill('another-one')
  await visit.page.keyboard.press('Enter')
  await visit.copyable('token')
  await visit.click('Remove machine build-03')
  await visit.sees(/what runs is stopped/)
  await expectNoFaults()
  await visit.click('Keep')
  await visit.click('I have copied it')
})

test.each(['busy-one', 'crashed-one', 'revoked-one', 'waiting-one'])('the page of %s', async (name) => {
  await visit.page.getByRole('link', { name, exact: true }).click()
  await visit.page.getByRole('heading', { name, exact: true }).waitFor()
  await visit.sees('Timeline')
  await expectNoFaults()
})

test('a chat with every state of an answer', async () => {
  await visit.page.getByRole('link', { name: 'busy-one', exact: true }).click()
  await visit.page.getByRole('link', { name: 'Look around' }).click()
  await visit.sees('Working: busy-one has taken it.')
  await expectNoFaults()
  const call = { kind: 'tool' as const, tool: 'bash', title: 'pnpm test', input: '{"command":"pnpm test"}' }
  await answer.putParts(
    { key: 'r1', at: 0, what: { kind: 'reasoning', status: 'completed', text: 'Which tests?' } },
    { key: 't1', at: 5, what: { ...call, status: 'failed', output: '1 failed\n'.repeat(200) } },
  )
  const usage = { usd: 0.01, inputTokens: 1234, outputTokens: 56, reasoningTokens: 0 }
  await answer.append(
    '# Done\n\nI **ran** `pnpm test`, see https://example.com:\n\n- one\n- two\n\n```ts\nlet a = 1\n```',
  )
  await answer.complete({ ...usage, cacheReadTokens: 0, cacheWriteTokens: 0 })
  answer = await sayAndClaim('And now?')
  await answer.fail('The provider refused the request (401).')
  answer = await sayAndClaim('And after that?')
  await answer.append('Well')
  await answer.interrupt('Stopped.')
  await visit.sees(/^Interrupted/)
  answer = await sayAndClaim('Go on')
  await answer.putParts({ key: 't1', at: 0, what: { ...call, status: 'running', output: '12 passed' } })
  await answer.append('I go on.')
  await visit.sees('I go on.')
  await say('Then stop')
  await visit.sees(/^Queued/)
  await expectNoFaults()
  await answer.noteModelRetry(3, 'Overloaded.', 50_000)
  await visit.sees(/^Waiting/)
  await visit.page.getByRole('button', { name: 'Stop the answer' }).first().click()
  await visit.sees('Stopping…')
  await expectNoFaults()
})

test('a chat in which something is asked, and one that has ended', async () => {
  await answer.raise('per_1', { kind: 'permission', permission: 'bash', patterns: ['rm -r dist'] })
  await visit.sees('rm -r dist')
  await expectNoFaults()
  const options = [{ label: 'Tabs', description: 'as before' }]
  const question = { header: 'Indent?', question: 'Indent?', options, mayChooseSeveral: false }
  await answer.raise('que_1', { kind: 'question', questions: [question] })
  await visit.page.getByLabel('Own answer to: Indent?').waitFor()
  await expectNoFaults()
  await visit.click('End chat')
  await visit.click('End for good')
  await visit.sees('This chat has ended.')
  await expectNoFaults()
})

test('who may use a machine, with a link', async () => {
  await visit.page.getByRole('link', { name: 'Rollcall' }).click()
  await visit.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await visit.page.getByRole('button', { name: /^Share by/ }).click()
  await visit.copyable('sharing link')
  await expectNoFaults()
})

test('people, with an invitation', async () => {
  await visit.page.getByRole('link', { name: 'People' }).click()
  await visit.click('Invite somebody')
  await visit.copyable('invitation link')
  await expectNoFaults()
})

test('alerts, with the secret of a webhook', async () => {
  await visit.page.getByRole('link', { name: /^Alerts/ }).click()
  await visit.page.getByLabel('Address of a new webhook').fill('https://hooks.example.com/1')
  await visit.click('Add webhook')
  await visit.copyable('signing secret')
  await expectNoFaults()
})

test('the account', async () => {
  await visit.page.getByRole('link', { name: 'Account ada@example.com' }).click()
  await visit.sees('What happened')
  await visit.page.getByRole('group', { name: 'Theme' }).waitFor()
  await expectNoFaults()
})

test('a worker that wants to join: the question for its code, a wrong one, who it is', async () => {
  await visit.goTo('/pair')
  await visit.page.getByLabel('Code').fill('WRNG-CODE')
  await visit.page.keyboard.press('Enter')
  await visit.sees(/^No worker waits with this code/)
  await expectNoFaults()
  const host = { hostname: 'laptop', user: 'bob', directory: '/home/bob/src', workerName: 'web' }
  const backend = new ConvexHttpClient(visit.served.url)
  const { code } = await backend.action(api.pairing.start, { secretHash: 'a'.repeat(64), host })
  await visit.page.getByLabel('Code').fill(code)
  await visit.page.keyboard.press('Enter')
  await visit.page.getByRole('button', { name: 'Let it in' }).waitFor()
  await visit.page.getByRole('button', { name: 'Let it in' }).waitFor()
  await expectNoFaults()
})

test('an address of nothing, and a page that is disconnected', async () => {
  await visit.goTo('/nothing')
  await visit.sees('There is nothing at this address.')
  await expectNoFaults()
  await visit.page.getByRole('link', { name: 'Rollcall' }).click()
  await visit.seesRow('ready-one', /^ready/)
  await visit.served.stop()
  await visit.sees('Connection lost')
  await expectNoFaults()
})
