import { describe, expect, it } from 'vitest'
import { readFunctions } from '../../src/api/readFunctions'
import { sourcesOf } from '../setup'

const registered = { isPublic: true, isMutation: true, exportArgs: () => '{"type":"object","value":{}}' }

const sources = sourcesOf({
  'convex/workers.ts': `
    /** Workers as they are. */
    import { userMutation } from './functions'

    /** Renames one. Throws \`NOT_FOUND\`. */
    export const rename = userMutation({})

    /** Of the library. */
    export const { signIn } = library({})
  `,
})

describe('readFunctions', () => {
  it('tells of each public function what it is and what is said of it, in the order of the file', () => {
    const inner = { isInternal: true, exportArgs: registered.exportArgs }
    const modules = new Map([['workers', { signIn: registered, inner, rename: registered, LIMIT: 5 }]])
    expect(readFunctions(modules, sources)).toEqual([
      {
        name: 'workers',
        doc: 'Workers as they are.',
        functions: [
          expect.objectContaining({
            name: 'rename',
            builder: 'userMutation',
            doc: 'Renames one. Throws `NOT_FOUND`.',
          }),
          expect.objectContaining({
            name: 'signIn',
            builder: 'library',
            doc: 'Of the library.',
            kind: 'mutation',
          }),
        ],
      },
    ])
  })

  it('leaves out modules without public functions, and refuses one without a source', () => {
    expect(readFunctions(new Map([['workers', { LIMIT: 5 }]]), sources)).toEqual([])
    expect(() => readFunctions(new Map([['gone', { signIn: registered }]]), sources)).toThrow(
      'no source of gone',
    )
  })
})
