import { describe, expect, it } from 'vitest'
import { checkPaths } from '../../src/checks/checkPaths'
import { describeFault } from '../../src/checks/Fault'
import { readDocuments } from '../../src/markdown/Document'
import { makeFolder } from '../setup'

function faultsOf(text: string): string[] {
  const root = makeFolder({
    'docs/guide.md': text,
    'services/worker/src/index.ts': '',
    'services/worker/src/paths.ts': '',
    'codemaps/chat.codemap.md': '',
  })
  return checkPaths(root, readDocuments(root)).map(describeFault)
}

describe('checkPaths', () => {
  it('finds a path that is not there, with its line', () => {
    expect(faultsOf('# Guide\n\nSee `services/worker/src/gone.ts`.\n')).toEqual([
      'docs/guide.md:3: there is no services/worker/src/gone.ts',
    ])
  })

  it('takes files, folders, and paths from the document on', () => {
    expect(
      faultsOf('`services/worker/src/index.ts` `services/worker/` `../codemaps/chat.codemap.md`'),
    ).toEqual([])
  })

  it('wants each of several alternatives', () => {
    expect(faultsOf('`services/worker/src/{index,paths}.ts`')).toEqual([])
    expect(faultsOf('`services/worker/src/{index,gone}.ts`')).toEqual([
      'docs/guide.md:1: there is no services/worker/src/gone.ts',
    ])
  })

  it('wants something that a pattern fits', () => {
    expect(faultsOf('`services/*/src/i*.ts` `services/<service>/src`')).toEqual([])
    expect(faultsOf('`services/*/src/z*.ts`')).toHaveLength(1)
  })

  it('leaves alone what is no path, what a build makes, and what is no code', () => {
    expect(
      faultsOf('`node services/gone.js` `services/worker/dist/index.js` services/gone.ts `text/plain`'),
    ).toEqual([])
    expect(faultsOf('```\nservices/gone.ts\n```')).toEqual([])
  })
})
