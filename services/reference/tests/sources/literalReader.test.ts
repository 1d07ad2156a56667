import { describe, expect, it } from 'vitest'
import { literalReader } from '../../src/sources/literalReader'
import { callsIn } from '../../src/sources/nodesIn'
import { sourcesOf } from '../setup'

/** What the arguments of the last `f(…)` can be, which is in the last file. */
function literalsOf(texts: Readonly<Record<string, string>>) {
  const sources = sourcesOf(texts)
  const literals = literalReader(sources)
  const call = sources.flatMap(({ file }) => callsIn(file)).findLast(({ name }) => name === 'f')
  return call?.args.map(literals)
}

describe('literalReader', () => {
  it('reads what is written, and what a constant or a type allows', () => {
    const text = "const A = 1\nfunction g(b: 'x' | 'y') { f('w', A, b) }"
    expect(literalsOf({ 'services/a.ts': text })).toEqual([['w'], [1], ['x', 'y']])
  })

  it('follows imports between the sources, and promises', () => {
    const texts = {
      'services/b/B.ts':
        "interface No { code: 'A' | 'B' }\nexport type Answer = { kind: 'yes' } | { kind: 'no'; failure: No }\nexport class B { ask(): Promise<Answer> { throw 1 } }",
      'services/a.ts':
        "import { B } from './b/B'\nasync function g(b: B) { const answer = await b.ask(); if (answer.kind === 'yes') return; f(answer.failure.code) }",
    }
    expect(literalsOf(texts)).toEqual([['A', 'B']])
  })

  it('does not know what can be anything, or comes from a package', () => {
    const text =
      "import { C } from 'package'\nfunction g(a: string, b: number | 'x') { f(a, b, C, a + 'x', undefined) }"
    expect(literalsOf({ 'a.ts': text })).toEqual(Array(5).fill(undefined))
  })
})
