import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker, type Answer } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let worker: SimulatedWorker
let answer: Answer

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.signUp('ada@example.com')
  const token = await visit.addApprovedWorker('build-03', 'docs')
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.page.getByRole('textbox', { name: 'New chat with docs' }).fill('Clean up')
  await visit.click('Start chat')
  await visit.sees('Queued')
  answer = await worker.claim()
})
afterAll(() => visit.close())

const card = () => visit.page.getByRole('region', { name: 'docs asks' })

test('opencode asks whether it may do something: what exactly is shown, and the reply reaches the worker', async () => {
  await answer.raise('per_1', { kind: 'permission', permission: 'bash', patterns: ['rm -r dist'] })
  await card().getByText('docs wants to run a command:').waitFor()
  await card().getByText('rm -r dist').waitFor()
  await card()
    .getByText(/^Without an answer it is refused: 9 min left\.$/)
    .waitFor()
  await visit.click('Allow once')
  await card().waitFor({ state: 'hidden' })
  expect(await worker.replies()).toMatchObject([
    { key: 'per_1', reply: { kind: 'once' }, by: 'ada@example.com' },
  ])
})

test('it is refused', async () => {
  await answer.raise('per_2', { kind: 'permission', permission: 'edit', patterns: [] })
  await card().getByText('docs wants to change files').waitFor()
  await visit.click('Refuse')
  await card().waitFor({ state: 'hidden' })
  expect((await worker.replies()).at(-1)).toMatchObject({ key: 'per_2', reply: { kind: 'reject' } })
})

test('a question is answered by a choice or in one’s own words, and not half', async () => {
  const options = [
    { label: 'Tabs', description: 'as before' },
    { label: 'Spaces', description: '' },
  ]
  const question = (text: string) => ({
    ...{ header: text, question: text, options, mayChooseSeveral: false },
  })
  await answer.raise('que_1', { kind: 'question', questions: [question('Indent?'), question('And then?')] })
  await card().getByRole('group', { name: 'Indent?' }).getByLabel('Spaces').check()
  expect(await card().getByRole('button', { name: 'Answer', exact: true }).isDisabled()).toBe(true)
  await card().getByLabel('Own answer to: And then?').fill('Release it')
  await visit.click('Answer')
  await card().waitFor({ state: 'hidden' })
  expect((await worker.replies()).at(-1)?.reply).toEqual({
    kind: 'answers',
    answers: [['Spaces'], ['Release it']],
  })
})

test('nothing is asked any more once the answer has ended', async () => {
  await answer.raise('per_3', {
    kind: 'permission',
    permission: 'webfetch',
    patterns: ['https://example.com'],
  })
  await card().getByText('docs wants to fetch from the web:').waitFor()
  await answer.complete()
  await card().waitFor({ state: 'hidden' })
})
