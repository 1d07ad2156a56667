import { describe, expect, it } from 'vitest'
import { checkNames } from '../../src/checks/checkNames'
import { describeFault } from '../../src/checks/Fault'
import { readDocuments } from '../../src/markdown/Document'
import { declaredNames } from '../../src/sources/declaredNames'
import { makeFolder, sourcesOf } from '../setup'

const sources = sourcesOf({
  'services/backend/convex/workers.ts': 'export const reportExit = mutation({ handler: () => 1 })\n',
  'services/worker/src/Store.ts': `
    import { convexTest } from 'convex-test'
    export type State = 'shuttingDown' | 'stopped'
    export class Store {
      commitAll() { const innerOnly = 1; return innerOnly }
    }
    export const { firstPart, second: secondPart } = convexTest()
    export const limits = { mostWorkers: 5 }
  `,
})

function faultsOf(text: string): string[] {
  const root = makeFolder({ 'codemaps/a.codemap.md': text, 'docs/b.md': text })
  return checkNames(readDocuments(root), declaredNames(sources)).map(describeFault)
}

describe('checkNames', () => {
  it('finds a name that no source declares, in tables of files and in contracts, with its line', () => {
    const text =
      '## Files\n\n| file | what |\n| --- | --- |\n| `x` | `goneWorker` |\n\n## Contracts\n\n- `GoneClass()`\n'
    expect(faultsOf(text)).toEqual([
      'codemaps/a.codemap.md:5: no source declares goneWorker',
      'codemaps/a.codemap.md:9: no source declares GoneClass',
    ])
  })

  it('takes exports, members, properties, imports and the words of types', () => {
    const names = [
      'Store',
      'commitAll',
      'mostWorkers',
      'firstPart',
      'secondPart',
      'convexTest',
      'shuttingDown',
    ]
    expect(faultsOf(`## Contracts\n\n${names.map((name) => `\`${name}\``).join(' ')}\n`)).toEqual([])
  })

  it('looks for a member in the module that it is said to be of', () => {
    expect(faultsOf('## Contracts\n\n`workers.reportExit`, `row.mostWorkers`\n')).toEqual([])
    expect(faultsOf('## Contracts\n\n`workers.commitAll`\n')).toEqual([
      'codemaps/a.codemap.md:3: no workers.ts declares commitAll',
    ])
  })

  it('takes nothing that is local to a function', () => {
    expect(faultsOf('## Contracts\n\n`innerOnly`\n')).toHaveLength(1)
  })

  it('leaves alone words, events, commands and other sections', () => {
    expect(faultsOf('## Contracts\n\n`ready` `shutdown.started` `SUPERSEDED` `pnpm goneScript`\n')).toEqual(
      [],
    )
    expect(faultsOf('## Files\n\n## Invariants\n\n`goneWorker`\n')).toEqual([])
  })
})
