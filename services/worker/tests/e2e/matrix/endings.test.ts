import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../setup'
import { guardCommand, opencodeCommand } from '../WorkerProcess'
import { cases } from './cases'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { isRunning, Stage } from './Stage'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.dispose())

/** Every answer that ran is over, its text kept, for this reason; nothing of it is left; what waited is answered once. */
async function expectInterrupted(cause: RegExp): Promise<void> {
  for (const row of cases) {
    const answer = stage.answer(row)
    if (answer?.status === 'interrupted') expect(answer.cause).toMatch(cause)
    if (row.ends === 'endless') expect(answer?.status).toBe('interrupted')
  }
  await stage.finish()
  expect(await stage.faults()).toEqual([])
  expect(stage.waitingAnswer).toMatchObject({ status: 'completed', text: 'word1 word2 word3' })
}

const untilWaitingEnded = () => until('what waited has ended', () => !isRunning(stage.waitingAnswer), 30_000)

const untilAllEnded = () => until('ended', () => cases.every((row) => !isRunning(stage.answer(row))))

describe(
  'every kind of answer is over, once, with its text, and nothing is left running',
  { timeout: 150_000 },
  () => {
    it.runIf(isEverythingAsked).each<[string, () => void]>([
      ['Ctrl+C', () => stage.worker.signal('SIGINT')],
      ['SIGKILL of its supervisor', () => stage.worker.signal('SIGKILL', 'supervisor')],
    ])('after %s', async (_name, act) => {
      await stage.ask()
      stage.noteTexts()
      act()
      await untilAllEnded()
      await until('offline', () => stage.workerRow.status === 'offline')
      expect(stage.workerRow.offline).toMatchObject({ reason: 'shutdown' })
      await expectInterrupted(/shut down/)
    })

    it('after SIGKILL of its worker, which is started again', async () => {
      await stage.ask()
      stage.noteTexts()
      stage.worker.signal('SIGKILL', 'worker')
      await untilAllEnded()
      await stage.worker.event('worker.ready', { nth: 2 })
      expect(stage.workerRow).toMatchObject({ status: 'online', epoch: 2 })
      await untilWaitingEnded()
      await expectInterrupted(/worker/)
    })

    it.runIf(isEverythingAsked).each<[string, RegExp]>([
      ['opencode', opencodeCommand],
      ["opencode's guard", guardCommand],
    ])('after SIGKILL of %s, which is started again', async (_name, command) => {
      await stage.ask()
      stage.noteTexts()
      const pid = await stage.worker.processNamed(command)
      process.kill(pid, 'SIGKILL')
      await untilAllEnded()
      await stage.worker.event('worker.ready', { nth: 2 })
      expect(stage.workerRow).toMatchObject({ status: 'online', epoch: 1 })
      await untilWaitingEnded()
      await expectInterrupted(/opencode/)
    })
  },
)
