import { describe, expect, it } from 'vitest'
import { checkLinks } from '../../src/checks/checkLinks'
import { describeFault } from '../../src/checks/Fault'
import { readDocuments } from '../../src/markdown/Document'
import { makeFolder } from '../setup'

function faultsOf(text: string): string[] {
  const root = makeFolder({
    'README.md': text,
    'docs/guide.md':
      '# The guide\n\n## How it ends: `goOffline`\n\n<a id="by-hand"></a>\n\n## Twice\n\n## Twice\n',
    'docs/picture.png': '',
  })
  return checkLinks(root, readDocuments(root)).map(describeFault)
}

describe('checkLinks', () => {
  it('finds a link to a file that is not there, with its line', () => {
    expect(faultsOf('# Read me\n\n[gone](docs/gone.md)\n')).toEqual([
      'README.md:3: the link leads to docs/gone.md, which does not exist',
    ])
  })

  it('finds images and definitions, too', () => {
    expect(faultsOf('![gone](docs/gone.png)\n\n[one][two]\n\n[two]: docs/gone.md\n')).toHaveLength(2)
  })

  it('finds an anchor that no heading has', () => {
    expect(faultsOf('[x](docs/guide.md#how-it-starts)')).toEqual([
      'README.md:1: docs/guide.md has no heading #how-it-starts',
    ])
    expect(faultsOf('# Here\n\n[x](#there)')).toEqual(['README.md:3: README.md has no heading #there'])
  })

  it('takes files, headings as GitHub names them, and anchors that are written out', () => {
    const links = ['', '#how-it-ends-gooffline', '#by-hand', '#twice-1'].map(
      (anchor) => `[x](docs/guide.md${anchor})`,
    )
    expect(faultsOf([...links, '![x](docs/picture.png)', '[docs](docs)'].join(' '))).toEqual([])
  })

  it('follows no link that leaves the repository', () => {
    expect(faultsOf('[x](https://example.com/gone) [y](mailto:a@example.com) `[z](gone.md)`')).toEqual([])
  })
})
