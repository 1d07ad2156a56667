import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../setup'
import { cases } from './cases'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { isRunning, Stage } from './Stage'

const CUT_MS = 5_000

type Fault = [name: string, happen: () => Promise<void>]
const nothing: Fault = ['nothing else happens', () => Promise.resolve()]
const restart: Fault = ['the backend is restarted', () => stage.backend.restart()]
const cut: Fault = [
  'the network is cut for 5 s',
  async () => {
    stage.network.become('cut')
    await wait(CUT_MS)
    stage.network.become('fine')
  },
]

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.dispose())

describe.runIf(isEverythingAsked)('every kind of answer', { timeout: 150_000 }, () => {
  it.each<Fault>([nothing, restart, cut])(
    'ends as it should, once and whole, when %s',
    async (_name, act) => {
      await stage.ask()
      stage.noteTexts()
      await act()
      await stage.untilSettled()
      const ends = cases.map((row) => [
        row.name,
        isRunning(stage.answer(row)) ? 'endless' : stage.answer(row)?.status,
      ])
      expect(ends).toEqual(cases.map((row) => [row.name, row.ends]))
      expect(stage.workerRow).toMatchObject({ status: 'online', epoch: 1 })
      await stage.finish()
      expect(await stage.faults()).toEqual([])
      expect(stage.waitingAnswer).toMatchObject({ status: 'completed', text: 'word1 word2 word3' })
    },
  )

  it('ends when its person stops it', async () => {
    await stage.ask()
    stage.noteTexts()
    const rows = cases.filter((row) => isRunning(stage.answer(row)))
    await Promise.all(stage.answers.filter(isRunning).map((answer) => stage.stop(answer)))
    await until('ended', () => rows.every((row) => !isRunning(stage.answer(row))))
    for (const row of rows) {
      const answer = stage.answer(row)
      if (row.ends === 'endless') expect(answer).toMatchObject({ status: 'interrupted', cause: 'Stopped.' })
    }
    expect(stage.waitingAnswer).toMatchObject({
      status: 'interrupted',
      cause: 'Stopped before it was begun.',
    })
    await stage.finish()
    expect(await stage.faults()).toEqual([])
  })
})
