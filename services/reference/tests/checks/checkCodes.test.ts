import { describe, expect, it } from 'vitest'
import { checkCodes } from '../../src/checks/checkCodes'
import { describeFault } from '../../src/checks/Fault'
import { makeFolder } from '../setup'

const codes = new Map([
  ['NOT_FOUND', 'services/backend/contract/errors.ts'],
  ['SUPERSEDED', 'services/backend/contract/errors.ts'],
])

function faultsOf(rows: readonly string[]): string[] {
  const lines = ['# Troubleshooting', '', '| code | cure |', '| --- | --- |', ...rows]
  const root = makeFolder({ 'docs/troubleshooting.md': lines.join('\n') })
  return checkCodes(root, codes).map(describeFault)
}

describe('checkCodes', () => {
  it('is content when each code has its row', () => {
    expect(faultsOf(['| `NOT_FOUND` | look `ELSEWHERE` |', '| `SUPERSEDED` | stop one |'])).toEqual([])
  })

  it('finds a code that is not explained', () => {
    expect(faultsOf(['| `NOT_FOUND` | look elsewhere |'])).toEqual([
      'docs/troubleshooting.md: SUPERSEDED of services/backend/contract/errors.ts is not explained',
    ])
  })

  it('finds one that the code does not have, and one that is explained twice', () => {
    expect(
      faultsOf(['| `NOT_FOUND` | |', '| `SUPERSEDED` | |', '| `LONG_GONE` | |', '| `NOT_FOUND` | |']),
    ).toEqual([
      'docs/troubleshooting.md:7: the code has no LONG_GONE',
      'docs/troubleshooting.md:8: NOT_FOUND is explained twice',
    ])
  })

  it('finds that there is no such document', () => {
    expect(checkCodes(makeFolder({}), codes)).toHaveLength(1)
  })
})
