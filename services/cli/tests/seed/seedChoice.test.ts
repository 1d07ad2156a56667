import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors'
import { readSeedChoice, type TypedSeedChoice } from '../../src/seed/seedChoice'

function mistakesOf(typed: TypedSeedChoice): readonly string[] {
  try {
    readSeedChoice(typed)
  } catch (error) {
    if (error instanceof UsageError && error.exitCode === 2) return error.lines
    throw error
  }
  return []
}

describe('readSeedChoice', () => {
  it('takes what is typed', () => {
    const typed = { workers: '200', machines: '12', seed: '0' }
    expect(readSeedChoice(typed)).toEqual({ workers: 200, machines: 12, seed: 0 })
  })

  it('chooses machines for about 14 workers each, and another seed each time', () => {
    expect(readSeedChoice({})).toMatchObject({ workers: 60, machines: 5 })
    expect(readSeedChoice({ workers: '1' })).toMatchObject({ machines: 1 })
    expect(readSeedChoice({ workers: '2000' })).toMatchObject({ machines: 143 })
    const seeds = Array.from({ length: 3 }, () => readSeedChoice({}).seed)
    expect(new Set(seeds).size).toBeGreaterThan(1)
  })

  it.each(['', ' 5', '-1', '0', '1.5', '1e2', 'many', '2001', '99999999999'])(
    '--workers “%s” is a mistake, with what would be right',
    (workers) => {
      expect(mistakesOf({ workers })).toEqual(['--workers must be a whole number from 1 to 2000.'])
    },
  )

  it('names every mistake in a line of its own', () => {
    expect(mistakesOf({ workers: 'no', machines: '201', seed: '2147483648' })).toEqual([
      '--workers must be a whole number from 1 to 2000.',
      '--machines must be a whole number from 1 to 200.',
      '--seed must be a whole number from 0 to 2147483647.',
    ])
  })

  it('has no machine empty, and none fuller than a machine may be', () => {
    expect(mistakesOf({ workers: '5', machines: '6' })).toEqual([
      '--machines must not be more than --workers: 6 machines, 5 workers.',
    ])
    expect(mistakesOf({ workers: '101', machines: '2' })).toEqual([
      '--machines must be at least 3 for 101 workers: a machine holds 50.',
    ])
    expect(mistakesOf({ workers: '100', machines: '2' })).toEqual([])
  })
})
