import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/sources/errorCodes'
import { sourcesOf } from '../setup'

describe('errorCodes', () => {
  it('reads them from types and from objects', () => {
    const sources = sourcesOf({
      'a.ts': "export type StartCode =\n  | 'NO_BIN'\n  | 'FAILED'\n",
      'b.ts':
        "export const errorCodes = { NOT_FOUND: 'There is no such thing.' } as const satisfies object\n",
    })
    expect([...errorCodes(sources)]).toEqual([
      ['NO_BIN', 'a.ts'],
      ['FAILED', 'a.ts'],
      ['NOT_FOUND', 'b.ts'],
    ])
  })

  it('takes nothing else for codes', () => {
    const text = `
      type OwnCode = 'NOT_EXPORTED'
      export type Signal = 'SIGINT'
      export type ZipCode = 'A_B' | 'small'
      export type AnyCode = string
      export const zipCodes = { Vienna: 1010 }
      export const codes = ['NO_OBJECT']
    `
    expect([...errorCodes(sourcesOf({ 'a.ts': text }))]).toEqual([])
  })
})
