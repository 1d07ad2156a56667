import { expect, test } from 'vitest'
import { titleWords } from '../src/app/titleWords'
import { doubtIcons, iconOf } from '../src/fleet/iconOf'
import { statusWords } from '../src/presence/marks'
import { worstStatus } from '../src/presence/worstStatus'
import { aMachine, anOfflineWorker, aWorker } from './aWorker'

const crashed = anOfflineWorker({ reason: 'crashed', evidence: {} })
const lost = anOfflineWorker({ reason: 'stale', evidence: {} })
const stopped = anOfflineWorker({ reason: 'shutdown', evidence: {} })
const waiting = aWorker({ approval: 'pending', status: 'offline' })
const ready = aWorker()
const busy = aWorker({ phase: 'busy' })

test('the worst status of a fleet: trouble before work, work before quiet, whoever is there before whoever was stopped', () => {
  const worst = (...workers: (typeof ready)[]) => worstStatus([aMachine('a', workers), aMachine('b', [])])
  expect(worst(ready, waiting, lost, crashed, busy)).toEqual({ word: 'crashed', count: 1 })
  expect(worst(ready, waiting, lost, lost)).toEqual({ word: 'lost', count: 2 })
  expect(worst(ready, stopped, waiting)).toEqual({ word: 'waiting', count: 1 })
  expect(worst(ready, ready, busy)).toEqual({ word: 'busy', count: 1 })
  expect(worst(ready, stopped, ready)).toEqual({ word: 'ready', count: 2 })
  expect(worst(stopped)).toEqual({ word: 'offline', count: 1 })
  expect(worst()).toBeUndefined()
})

test('the title: the name of what is looked at, one status with its doubt, Rollcall', () => {
  expect(titleWords(undefined, undefined)).toBe('Rollcall')
  expect(titleWords('Account', undefined)).toBe('Account · Rollcall')
  expect(titleWords(undefined, { word: 'crashed', count: 1, doubt: 'none' })).toBe('1 crashed · Rollcall')
  expect(titleWords('api', { word: 'busy', doubt: 'none' })).toBe('api — busy · Rollcall')
  expect(titleWords('Account', { word: 'ready', count: 12, doubt: 'last known' })).toBe(
    'Account — last known: 12 ready · Rollcall',
  )
  expect(titleWords('api', { word: 'ready', doubt: 'unconfirmed' })).toBe(
    'api — unconfirmed: ready · Rollcall',
  )
})

test('every status has an icon, and under a doubt it is never the icon of a status', () => {
  const icons = statusWords.map((word) => iconOf(word, 'none'))
  expect(new Set(icons).size).toBe(statusWords.length - 1) // Replaced and revoked look alike.
  for (const doubt of ['last known', 'unconfirmed'] as const) {
    expect(icons).not.toContain(iconOf('ready', doubt))
    expect(doubtIcons).toContain(iconOf('ready', doubt))
  }
})
