import { expect, it } from 'vitest'
import { until } from '../setup'
import { useEnvironment } from './environment'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'

const environment = useEnvironment()

const CHATS = 10
const QUESTIONS = 5

it.runIf(isEverythingAsked)(
  'each of 50 messages is answered once, although another process of the worker takes over in the middle',
  async () => {
    const { backend, model, start, startWorker } = environment
    const { made, worker: first } = await startWorker('is taken over')
    await first.event('worker.ready')
    const questions = Array.from({ length: QUESTIONS }, (_, index) => `Question ${index + 1}`)
    for (let chat = 0; chat < CHATS; chat += 1) await backend.chat(made, 'scripted/ok', ...questions)
    const answers = () => backend.rows('messages').filter(({ role }) => role === 'assistant')
    const completed = () => answers().filter(({ status }) => status === 'completed')

    await until('some are answered', () => completed().length >= CHATS, 30_000)
    const second = await start({ token: made.token })
    expect(await first.exited).toBe(3)
    await until('all are over', () => answers().every(({ finishedAt }) => finishedAt !== undefined), 90_000)

    expect(answers()).toHaveLength(CHATS * QUESTIONS)
    expect(new Set(answers().map(({ answers: question }) => question)).size).toBe(CHATS * QUESTIONS)
    const cutShort = answers().filter(({ status }) => status === 'interrupted')
    expect(completed().length + cutShort.length).toBe(CHATS * QUESTIONS)
    for (const { epoch } of cutShort) expect(epoch).toBe(1)
    for (const { text } of completed()) {
      expect(text).toMatch(/^You wrote: “Question \d”\. .* the worker and opencode\.$/)
    }
    expect(completed().some(({ epoch }) => epoch === 2)).toBe(true)
    expect(model.requests('ok')).toBeLessThanOrEqual(CHATS * QUESTIONS)
    expect(model.requests('ok')).toBeGreaterThanOrEqual(completed().length)
    expect(first.processes()).toEqual([])
    second.signal('SIGTERM')
    expect(await second.exited).toBe(0)
  },
  120_000,
)
