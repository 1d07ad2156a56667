import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker, type Answer } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let worker: SimulatedWorker
let token: string

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
  token = await visit.addApprovedWorker('build-03', 'docs')
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
})
afterAll(async () => {
  await visit.close()
})

const button = (name: string) => visit.page.getByRole('button', { name, exact: true })
const composer = () => visit.page.getByRole('textbox', { name: 'Message to docs' })

async function ask(text: string): Promise<void> {
  await composer().fill(text)
  await composer().press('Enter')
  // Not only in the field, where it is a text of the page, too.
  await visit.page.getByRole('list', { name: 'Messages' }).getByText(text).first().waitFor()
}

/** Asks, and answers the beginning. */
async function askAndBegin(text: string, beginning: string): Promise<Answer> {
  await ask(text)
  const answer = await worker.claim()
  await answer.append(beginning)
  await visit.sees(beginning)
  return answer
}

async function comeBack(): Promise<void> {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
}

test('a chat is started for later while the worker is offline, and answered when it is there', async () => {
  await visit.sees('Will be answered when docs is back.')
  expect(await button('Start chat').count()).toBe(0)
  await visit.page.getByRole('textbox', { name: 'New chat with docs' }).fill('Look around')
  await visit.click('Start for later')
  await visit.page.getByRole('heading', { name: 'Look around' }).waitFor()
  await visit.sees('Queued: docs is offline; it will be answered when it is back.')
  await comeBack()
  await visit.sees('Queued: docs has not taken it yet.')
  const answer = await worker.claim()
  await answer.link('ses_first')
  await answer.append('All is well.')
  await answer.complete()
  await visit.sees('All is well.')
  await visit.seesNoMore(/^Queued/)
})

test('an answer says that opencode had lost the conversation', async () => {
  const answer = await askAndBegin('What did I ask?', 'I cannot know.')
  await answer.link('ses_second')
  await visit.sees('opencode no longer had this conversation: it answers without what was said before.')
  await answer.complete()
})

test('an answer that is being written is stopped by its worker, and keeps its text', async () => {
  const answer = await askAndBegin('Tell me a story', 'Once upon')
  await visit.click('Stop the answer')
  await visit.sees('Stopping…')
  expect(await button('Stopping the answer').isDisabled()).toBe(true)
  await expect.poll(() => worker.stops()).toEqual([answer.messageId])
  await visit.sees('Stopping…')
  await answer.interrupt('Stopped.')
  await visit.sees('Interrupted: Stopped. What was written is kept.')
  await visit.sees('Once upon')
  await visit.seesNoMore('Stopping…')
  await hears('The answer of docs was interrupted. Stopped.')
})

test('what was interrupted is asked again: a new answer below the old one', async () => {
  await visit.click('Try again')
  await visit.sees('Queued: docs has not taken it yet.')
  expect(await visit.page.getByRole('button', { name: /^Try again/ }).count()).toBe(0)
  const answer = await worker.claim()
  await answer.append('A king lived.')
  await answer.complete({
    ...{ usd: 0.012, inputTokens: 1234, outputTokens: 56, reasoningTokens: 0 },
    ...{ cacheReadTokens: 0, cacheWriteTokens: 0 },
  })
  await visit.sees('1,234 tokens in, 56 out, $0.012')
  await visit.sees('Once upon')
  expect(await visit.page.getByText('Tell me a story').count()).toBe(1)
})

test('a queued answer is stopped at once', async () => {
  await ask('Never mind')
  await visit.page.getByRole('button', { name: 'Stop the answer' }).press('Enter')
  await visit.sees('Interrupted: Stopped before it was begun.')
  await hears('The answer of docs was interrupted. Stopped before it was begun.')
  expect(await worker.queued()).toEqual([])
})

test('the worker waits for the model: why, and when it asks again', async () => {
  const answer = await askAndBegin('What is new?', 'Let me see.')
  await answer.noteModelRetry(3, 'Overloaded.', 20_000)
  await visit.sees(/^Waiting: The model does not answer \(Overloaded\); attempt 3 in 1\d s$/)
  await answer.noteModelRetry(4, 'Overloaded.', 0)
  await visit.sees(/attempt 4 now$/)
  await answer.append(' Nothing.')
  await visit.seesNoMore(/^Waiting/)
  await answer.fail('The provider refused the request (401).')
  await visit.sees('Failed: The provider refused')
  await hears('The answer of docs failed. The provider refused the request (401).')
})

test('what is done stands where it is done: open while it runs, then folded to its line', async () => {
  const answer = await askAndBegin('Run the tests', 'I run them.')
  const steps = visit.page.getByRole('list', { name: 'Steps' })
  const thought = { kind: 'reasoning' as const, status: 'running' as const, text: 'Which tests are meant?' }
  await answer.putParts({ key: 'r1', at: 0, what: thought })
  await visit.sees('Thinking')
  expect(await visit.page.getByText('Which tests are meant?').isVisible()).toBe(true)
  const call = { kind: 'tool' as const, tool: 'bash', title: 'pnpm test', input: '{"command":"pnpm test"}' }
  await answer.putParts(
    { key: 'r1', at: 0, what: { ...thought, status: 'completed' } },
    { key: 't1', at: 11, what: { ...call, status: 'running', output: '12 passed' } },
  )
  const running = steps.locator('details[open]').filter({ hasText: 'running' })
  await running.getByText('12 passed').waitFor()
  expect(await running.getByText('"command": "pnpm test"').isVisible()).toBe(true)
  await expect.poll(() => visit.page.getByText('Which tests are meant?').isVisible()).toBe(false)
  const output = '12 passed, 1 failed\n'.repeat(1000)
  await answer.putParts({ key: 't1', at: 11, what: { ...call, status: 'failed', output } })
  await answer.append(' One failed.')
  await visit.sees('One failed.')
  await expect.poll(() => steps.locator('details[open]').count()).toBe(0)
  const folded = steps.getByRole('listitem').filter({ hasText: 'bash' })
  await folded.locator('summary').press('Enter')
  await folded.getByRole('region', { name: 'Why it failed' }).waitFor()
  expect(await folded.getByText('Cut: it is longer').isVisible()).toBe(true)
  expect((await folded.boundingBox())?.height).toBeLessThan(500)
  const newest = visit.page.getByRole('list', { name: 'Messages' }).locator('> li').last()
  expect(await newest.innerText()).toMatch(
    /Thought[^]*I run them\.[^]*failed\s*bash\s*pnpm test[^]*One failed\./,
  )
  await answer.complete()
  await visit.seesNoMore(/^Writing/)
  expect(await folded.locator('details').getAttribute('open')).toBe('') // stays as its reader left it
})

test('the end stays in view while a tool tells more and more', async () => {
  const answer = await askAndBegin('Again', 'Again.')
  for (const lines of [5, 20]) {
    const what = { kind: 'tool' as const, tool: 'bash', title: 'pnpm test', input: '{"command":"pnpm test"}' }
    const output = Array.from({ length: lines }, (_, line) => `line ${line}`).join('\n')
    await answer.putParts({ key: 't1', at: 99, what: { ...what, status: 'running', output } })
    await visit.sees(`line ${lines - 1}`)
    await expect.poll(() => distanceToEnd()).toBeLessThan(2)
  }
  await answer.complete()
  await visit.seesNoMore(/^Writing/)
})

test('a worker that is gone: what it was asked is asked again for later, and answered by its next run', async () => {
  const answer = await askAndBegin('Count to ten', 'One')
  await worker.goOffline('crashed', { exitCode: 1 })
  await visit.sees('Interrupted: The worker went offline')
  await expect(answer.append(' two')).rejects.toThrow()
  await visit.click('Try again when docs is back')
  await visit.sees('Queued: docs is offline; it will be answered when it is back.')
  await composer().fill('And to twenty')
  await visit.click('Send for later')
  await visit.sees('And to twenty')
  await comeBack()
  for (const words of ['One to ten.', 'Eleven to twenty.']) {
    const again = await worker.claim()
    await again.append(words)
    await again.complete()
    await visit.sees(words)
  }
  await visit.sees(/^Goes to docs/)
})

test('whoever may only look is offered none of it', async () => {
  const bob = await visit.openAnother()
  await visit.page.getByRole('link', { name: 'People' }).click()
  await visit.click('Invite somebody')
  const invitation = await visit.copyable('invitation link')
  await bob.page.goto(invitation)
  await bob.submitAccount('bob@example.com', 'Create account')
  await bob.sees('No machines yet')
  await acceptShare(bob, 'may chat and stop')
  await bob.page.getByRole('link', { name: 'docs', exact: true }).click()
  await bob.page.getByRole('textbox', { name: 'New chat with docs' }).fill('Hello docs')
  await bob.click('Start chat')
  await bob.page.getByRole('button', { name: 'Stop the answer' }).waitFor()
  const bobsChat = bob.page.url()
  const answer = await worker.claim()
  await acceptShare(bob, 'may look')
  await bob.page.goto(bobsChat)
  await bob.sees(/^Working/)
  await bob.sees('You may look at this worker, not work with it.')
  expect(await bob.page.getByRole('button', { name: /^Stop/ }).count()).toBe(0)
  await answer.fail('It broke.')
  await bob.sees('Failed: It broke.')
  await worker.goOffline('shutdown', { cause: 'SIGTERM', drainMs: 10 })
  await bob.page.locator('main').getByText('offline').waitFor()
  expect(await bob.page.getByRole('button', { name: /^Try again|later/ }).count()).toBe(0)
})

/** Ada makes a link for a role on her machine; the other accepts it. */
async function acceptShare(other: VisitedPage, role: string): Promise<void> {
  await visit.goTo('/')
  await visit.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await visit.page.getByLabel('Whoever accepts').selectOption(role)
  await visit.page.getByRole('button', { name: /^Share by/ }).click()
  await visit.sees(`whoever accepts it ${role}.`)
  await other.page.goto(await visit.copyable('sharing link'))
  await other.click('Accept')
  await other.seesRow('docs', /ready|busy/)
}

/** Waits until a screen reader was told. */
async function hears(words: string): Promise<void> {
  await visit.page.getByRole('status').filter({ hasText: words }).waitFor({ state: 'attached' })
}

async function distanceToEnd(): Promise<number> {
  return await visit.page
    .getByRole('region', { name: 'History' })
    .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)
}
