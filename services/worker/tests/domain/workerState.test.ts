import { describe, expect, it } from 'vitest'
import { StateMachine } from '../../src/domain/StateMachine'
import { assertTransition, transitions, type WorkerStateName } from '../../src/domain/workerState'
import { TransitionError } from '../../src/errors'

const names = Object.keys(transitions) as WorkerStateName[]
const arrows = names.flatMap((from) => names.map((to) => ({ from, to })))

/** Written out a second time, so that a change of the table is a decision. */
const expected: Record<WorkerStateName, WorkerStateName[]> = {
  starting: ['registering', 'shuttingDown'],
  registering: ['awaitingApproval', 'connecting', 'shuttingDown'],
  awaitingApproval: ['connecting', 'reconnecting', 'shuttingDown'],
  connecting: ['ready', 'reconnecting', 'shuttingDown'],
  ready: ['busy', 'reconnecting', 'shuttingDown'],
  busy: ['ready', 'busy', 'reconnecting', 'shuttingDown'],
  reconnecting: ['registering', 'shuttingDown'],
  shuttingDown: ['stopped'],
  stopped: [],
}

describe('the table of transitions', () => {
  it.each(arrows.filter(({ from, to }) => expected[from].includes(to)))('has $from → $to', ({ from, to }) => {
    expect(() => assertTransition(from, to)).not.toThrow()
  })

  it.each(arrows.filter(({ from, to }) => !expected[from].includes(to)))(
    'lacks $from → $to',
    ({ from, to }) => {
      expect(() => assertTransition(from, to)).toThrow(TransitionError)
    },
  )
})

describe('StateMachine', () => {
  it('starts in starting and tells every change', () => {
    const seen: string[] = []
    const machine = new StateMachine(({ from, to }) => seen.push(`${from} → ${to}`))
    expect(machine.state).toEqual({ name: 'starting' })
    machine.to({ name: 'registering' })
    machine.to({ name: 'connecting', epoch: 3 })
    expect(seen).toEqual(['starting → registering', 'registering → connecting'])
    expect(machine.state).toEqual({ name: 'connecting', epoch: 3 })
  })

  it('stays where it is on an arrow that is missing', () => {
    const machine = new StateMachine()
    expect(() => machine.to({ name: 'ready', epoch: 1 })).toThrow('from starting to ready')
    expect(machine.state.name).toBe('starting')
    expect(machine.history).toEqual([])
  })

  it('keeps the last 100 transitions', () => {
    const machine = new StateMachine()
    machine.to({ name: 'registering' })
    machine.to({ name: 'connecting', epoch: 1 })
    machine.to({ name: 'ready', epoch: 1 })
    for (let prompts = 1; prompts <= 150; prompts += 1) machine.to({ name: 'busy', epoch: 1, prompts })
    expect(machine.history).toHaveLength(100)
    expect(machine.history.every(({ to }) => to === 'busy')).toBe(true)
  })
})
