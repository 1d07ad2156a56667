import { expect, it } from 'vitest'
import { judgeTransitions, type Transition } from '../../src/chaos/oracle/judgeTransitions'

/** As `1 online`, `1 stale`, `1 recovered`, `1 crashed`: run and what became of it. */
function timeline(...rows: string[]): Transition[] {
  return rows.map((row) => {
    const [epoch, what = ''] = row.split(' ')
    const common = { epoch: Number(epoch), noticedBy: 'backend' }
    return what === 'online' || what === 'recovered'
      ? { ...common, kind: what }
      : { ...common, kind: 'offline', reason: what }
  })
}

const wrong = (...rows: string[]) =>
  judgeTransitions('w', timeline(...rows), 0).map(({ text }) => text.split(':')[0])

it.each([
  [['1 online', '1 shutdown', '2 online']],
  [['1 online', '1 stale', '1 recovered', '1 stale', '1 recovered', '1 crashed', '2 online']],
  [['1 online', '1 superseded', '2 online', '2 revoked']],
  [['1 online', '1 stale', '2 online']],
])('%j is a life', (rows) => {
  expect(wrong(...rows)).toEqual([])
})

it.each([
  [['1 online', '1 crashed', '1 stale'], 'a run that had ended changed its status'],
  [['1 online', '1 crashed', '1 shutdown'], 'went offline twice'],
  [['1 online', '1 online'], 'came online twice'],
  [['1 online', '1 shutdown', '1 online'], 'a run that had ended changed its status'],
  [['1 online', '1 stale', '1 online'], 'one run came online twice'],
  [['1 online', '1 shutdown', '2 recovered'], 'recovered from something else than a silence'],
  [['2 online', '1 stale'], 'an earlier run changed the status of a later one'],
])('%j is none: %s', (rows, text) => {
  expect(wrong(...rows)).toContain(text)
})
