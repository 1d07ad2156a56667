import { describe, expect, it } from 'vitest'
import { checkGenerated } from '../../src/checks/checkGenerated'
import { describeFault } from '../../src/checks/Fault'
import { makeFolder } from '../setup'

describe('checkGenerated', () => {
  it('is content with a document that is what the code says', () => {
    const root = makeFolder({ 'docs/api.md': '# API\n' })
    expect(checkGenerated(root, [{ path: 'docs/api.md', text: '# API\n' }])).toEqual([])
  })

  it('finds one that is not, and one that is not there, and says what to do', () => {
    const root = makeFolder({ 'docs/api.md': '# API of yesterday\n' })
    const wanted = ['docs/api.md', 'docs/configuration.md'].map((path) => ({ path, text: '# API\n' }))
    expect(checkGenerated(root, wanted).map(describeFault)).toEqual([
      'docs/api.md: is not what the code says: run `pnpm run docs` and commit the result',
      'docs/configuration.md: is not what the code says: run `pnpm run docs` and commit the result',
    ])
  })
})
