import { describe, expect, test } from 'vitest'
import { lexMarkdown } from '../src/chat/markdown/lexMarkdown'
import { shownBlocks, splitBlocks, type Split } from '../src/chat/markdown/splitBlocks'

/** The splits of a text that comes in pieces of so many characters. */
function grown(text: string, step: number): Split[] {
  const splits: Split[] = []
  for (let end = step; end < text.length + step; end += step) {
    splits.push(splitBlocks(text.slice(0, end), splits.at(-1)))
  }
  return splits
}

function shown(split: Split | undefined): string[] {
  return split === undefined ? [] : shownBlocks(split).map(({ markdown }) => markdown)
}

/** The blocks of a text, without blanks. */
function kindsIn(...markdown: string[]): string[] {
  return markdown.flatMap(lexMarkdown).flatMap(({ type, raw }) => {
    return type === 'space' ? [] : [`${type} ${raw.replaceAll(/\s/g, '')}`]
  })
}

const pieces = [
  ...[
    '\n',
    '\n',
    '\n\n',
    'a',
    'b c',
    '**',
    '_',
    '`',
    '```',
    '```ts\n',
    '~~~',
    '> ',
    '- ',
    '1. ',
    '# ',
    '    ',
    '  ',
  ],
  ...[
    '| a | b |\n',
    '|---|---|\n',
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '<b>',
    '---',
    '===',
    '[a](',
    ')',
    '- [ ] ',
    '\t',
    '\\',
  ],
]

/** The same pieces of markdown each time, in an order that nobody would write. */
function jumble(seed: number): string {
  let state = seed
  const next = (below: number) => {
    // A linear congruential generator, of which the upper bits are taken (Numerical Recipes).
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return Array.from({ length: 3 + next(25) }, () => pieces[next(pieces.length)]).join('')
}

/** Every kind of block, in an order in which each could be taken for a part of the one before. */
const everything = [
  '# Heading\nProse below it\nin two lines',
  '1. one\n\n2. two\n   - inner\n\n   in the item\n\nlazy',
  '```ts\nconst a = 1\n\n# no heading\n```',
  '    indented code\n\n    that goes on',
  '> quote\nlazy\n\n> another',
  '| a | b |\n|---|---|\n| 1 | 2 |\nend of table',
  '---\n\n* star\n- dash\n\n\n\nSetext\n===\n<div>\nhtml\n</div>',
  '~~~~\n~~~\n~~~~\n***\ntext',
].join('\n\n')

describe('splitBlocks', () => {
  test('prose and code', () => {
    const split = splitBlocks('Before\n\n```ts\nconst a = 1\n\nb()\n```\n\nAf')
    expect(shown(split)).toEqual(['Before', '```ts\nconst a = 1\n\nb()\n```\n\nAf'])
    expect(shown(splitBlocks(`${split.text}ter\n`, split))).toEqual([
      'Before',
      '```ts\nconst a = 1\n\nb()\n```',
      'After',
    ])
  })

  test('a fence that is open is one block, whatever is in it', () => {
    expect(shown(splitBlocks('```\na\n\n# b\n\nc\n'))).toEqual(['```\na\n\n# b\n\nc'])
  })

  test('nothing is nothing', () => {
    expect(shown(splitBlocks(''))).toEqual([])
    expect(shown(splitBlocks('\n\n'))).toEqual([])
  })

  test.each([1, 2, 3, 7, 50])('in pieces of %i it is what it is as a whole', (step) => {
    expect(kindsIn(...shown(grown(everything, step).at(-1)))).toEqual(kindsIn(everything))
  })

  test('so is whatever else somebody may write', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const text = jumble(seed)
      expect(kindsIn(...shown(grown(text, 2).at(-1))), JSON.stringify(text)).toEqual(kindsIn(text))
    }
  })

  test('what is settled stays, and is the same object', () => {
    const splits = grown(everything, 3)
    for (const [index, { settled }] of splits.entries()) {
      const before = splits[index - 1]?.settled ?? []
      expect(settled.slice(0, before.length)).toEqual(before)
      expect(before.every((block, at) => block === settled[at])).toBe(true)
    }
    expect(splits.at(-1)?.settled.length).toBeGreaterThan(12)
  })

  test('a text that is not the one that has grown is split anew', () => {
    const before = splitBlocks('one\n\ntwo\n\nthree')
    expect(shown(splitBlocks('four\n\nfive\n', before))).toEqual(['four', 'five'])
  })

  test('a definition holds in every block that has a bracket', () => {
    expect(shown(splitBlocks('[a]\n\nb\n\n[a]: https://x.y\n\nc\n'))).toEqual([
      '[a]: https://x.y\n\n[a]',
      'b',
      'c',
    ])
  })

  test('of a long list the finished items are settled, and the next goes on with its number', () => {
    const items = Array.from({ length: 1000 }, (_, n) => `${n + 1}. item **${n + 1}**`).join('\n')
    const splits = grown(`${items}\n`, 100)
    expect(Math.max(...splits.map(({ text, tailFrom }) => text.length - tailFrom))).toBeLessThan(9000)
    expect(shown(splits.at(-1)).join('\n')).toBe(items)
  })

  test('a long item is one block', () => {
    const item = `- ${'word '.repeat(5000)}`
    const splits = grown(`${item}\n\nEnd.\n`, 1000)
    expect(splits.every(({ settled }) => settled.every(({ markdown }) => markdown !== ''))).toBe(true)
    expect(shown(splits.at(-1))).toEqual([item.trim(), 'End.'])
  })
})
