import { describe, expect, test } from 'vitest'
import { indentJson } from '../src/chat/indentJson'
import { interleave } from '../src/chat/interleave'
import { usageWords } from '../src/chat/usageWords'

describe('interleave', () => {
  /** What comes after what: texts as they are, parts by their names. */
  function laidOut(text: string, ...parts: [at: number, name: string][]): (string | string[])[] {
    const pieces = interleave(
      text,
      parts.map(([at, name]) => ({ at, name })),
    )
    return pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.parts.map(({ name }) => name)))
  }

  test('without parts the text is one piece, and nothing is nothing', () => {
    expect(laidOut('All of it')).toEqual(['All of it'])
    expect(laidOut('')).toEqual([])
  })

  test('the text is split where the parts came', () => {
    expect(laidOut('Look. Done.', [0, 'a'], [5, 'b'])).toEqual([['a'], 'Look.', ['b'], ' Done.'])
  })

  test('pieces of text know where they begin', () => {
    expect(interleave('one two', [{ at: 3 }])).toEqual([
      { kind: 'text', from: 0, text: 'one' },
      { kind: 'parts', parts: [{ at: 3 }] },
      { kind: 'text', from: 3, text: ' two' },
    ])
  })

  test('parts at one place, or with only blanks between them, are together', () => {
    expect(laidOut('Look', [4, 'a'], [4, 'b'])).toEqual(['Look', ['a', 'b']])
    expect(laidOut('Look\n\nthere', [4, 'a'], [6, 'b'])).toEqual(['Look', ['a', 'b'], 'there'])
  })

  test('a part beyond the end stands at the end', () => {
    expect(laidOut('Look', [99, 'a'])).toEqual(['Look', ['a']])
    expect(laidOut('', [7, 'a'], [9, 'b'])).toEqual([['a', 'b']])
  })

  test('no character is cut in half, and none is lost or shown twice', () => {
    expect(laidOut('a😀b', [1, 'x'])).toEqual(['a', ['x'], '😀b'])
    expect(laidOut('a😀b', [2, 'x'])).toEqual(['a😀', ['x'], 'b'])
    expect(laidOut('a😀b', [3, 'x'])).toEqual(['a😀', ['x'], 'b'])
    expect(laidOut('a😀b', [2, 'x'], [2, 'y'])).toEqual(['a😀', ['x', 'y'], 'b'])
  })

  test('a block of code stays whole: what came in the middle of it stands behind it', () => {
    const code = 'Look:\n```ts\nfirst()\nsecond()\n```'
    const middle = code.indexOf('second')
    expect(laidOut(`${code}\nDone.`, [middle, 'a'])).toEqual([code, ['a'], '\nDone.'])
    expect(laidOut(`${code}\nDone.`, [middle, 'a'], [code.length, 'b'])).toEqual([
      code,
      ['a', 'b'],
      '\nDone.',
    ])
    expect(laidOut(`${code}\nDone.`, [code.indexOf('ts'), 'a'])).toEqual([code, ['a'], '\nDone.'])
  })

  test('so does one that is still being written', () => {
    const open = 'Look:\n```ts\nfirst()\n'
    expect(laidOut(open, [open.length, 'a'])).toEqual([open, ['a']])
    expect(laidOut(`${open}second()`, [open.length, 'a'])).toEqual([`${open}second()`, ['a']])
  })

  test('text around blocks of code is split as ever', () => {
    expect(laidOut('```\nx\n```\none two', [13, 'a'])).toEqual(['```\nx\n```\none', ['a'], ' two'])
    expect(laidOut('run ```this``` now', [8, 'a'])).toEqual(['run ```t', ['a'], 'his``` now'])
  })

  test.each([
    '~~~\na\n```\nb\n~~~',
    '````md\n```\na\n```\nb\n````',
    '- one\n  ```\n  a\n  b\n  ```',
    '> ```\n> a\n> b\n> ```',
  ])('every kind of fence: %j', (code) => {
    expect(laidOut(`${code}\nDone.`, [code.indexOf('b'), 'x'])).toEqual([code, ['x'], '\nDone.'])
  })

  test('half a character that waits for its other half is left where it is', () => {
    expect(laidOut('a\uD83D', [2, 'x'])).toEqual(['a\uD83D', ['x']])
    expect(laidOut('\uDE00b', [0, 'x'])).toEqual([['x'], '\uDE00b'])
  })

  test('a part that came before the one ahead of it repeats no text', () => {
    expect(laidOut('one two', [7, 'a'], [3, 'b'])).toEqual(['one two', ['a', 'b']])
  })
})

describe('indentJson', () => {
  test('each value on a line of its own', () => {
    expect(indentJson('{"command":"ls","timeout":5}')).toBe('{\n  "command": "ls",\n  "timeout": 5\n}')
  })

  test('what was cut stays as it is', () => {
    expect(indentJson('{"content":"begin')).toBe('{"content":"begin')
  })

  test('no arguments are nothing', () => {
    expect(indentJson('{}')).toBe('')
    expect(indentJson('')).toBe('')
  })
})

describe('usageWords', () => {
  const none = { usd: 0, inputTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  const noCache = { cacheReadTokens: 0, cacheWriteTokens: 0 }

  test('tokens in and out, and what they cost', () => {
    const usage = { ...none, ...noCache, usd: 0.012, inputTokens: 1234, outputTokens: 56 }
    expect(usageWords(usage)).toBe('1,234 tokens in, 56 out, $0.012')
  })

  test('without a known price there is no amount', () => {
    expect(usageWords({ ...none, ...noCache, inputTokens: 7, outputTokens: 1 })).toBe('7 tokens in, 1 out')
  })

  test.each([
    [12.3456, '$12.35'],
    [3, '$3.00'],
    [0.0004567, '$0.00046'],
  ])('%s dollars: %s', (usd, words) => {
    expect(usageWords({ ...none, ...noCache, usd })).toBe(`0 tokens in, 0 out, ${words}`)
  })

  test('what was put into the cache came in, what was read from it is told apart, reasoning went out', () => {
    const usage = { ...none, inputTokens: 5, outputTokens: 6, reasoningTokens: 20 }
    expect(usageWords({ ...usage, cacheReadTokens: 8000, cacheWriteTokens: 100 })).toBe(
      '105 tokens in, 8,000 from the cache, 26 out',
    )
  })
})
