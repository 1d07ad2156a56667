import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { Markdown } from '../src/chat/markdown/Markdown'

/** What is drawn, without the looks. */
function drawn(text: string, isGrowing = false): string {
  const html = renderToStaticMarkup(createElement(Markdown, { text, isGrowing }))
  return html.replace(/ class="[^"]*"/g, '').replace(/^<div>|<\/div>$/g, '')
}

/** What can be read of it, without blanks and buttons. */
function wordsIn(html: string): string {
  return html.replace(/<button.*?<\/button>|<[^>]*>|\s/g, '').replaceAll('&lt;', '<')
}

const follows = 'target="_blank" rel="noopener noreferrer"'

describe('markdown', () => {
  test.each([
    ['# One\n\n###### Six', '<h2>One</h2><h6>Six</h6>'],
    ['one\ntwo', '<p>one<br/>two</p>'],
    ['**a** *b* ~~c~~ `d`', '<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>'],
    ['a\n\n---\n\nb', '<p>a</p><hr/><p>b</p>'],
    ['3. c\n4. d', '<ol start="3"><li><div><p>c</p></div></li><li><div><p>d</p></div></li></ol>'],
    ['> a\n>\n> b', '<blockquote><p>a</p><p>b</p></blockquote>'],
    ['2 &lt; 3 &#8594; &copy; `&lt;` &no; \\*', '<p>2 &lt; 3 → © <code>&amp;lt;</code> &amp;no; *</p>'],
    ['a<br>b', '<p>a<br/>b</p>'],
  ])('%j', (text, html) => {
    expect(drawn(text)).toBe(html)
  })

  test('code says its language, and keeps what is in it', () => {
    const html = drawn('```ts title="x"\nif (a < b) `c`\n\n  **d**\n```')
    expect(html).toContain('<figure aria-label="Code, ts">')
    expect(html).toContain('<code>if (a &lt; b) `c`\n\n  **d**</code>')
  })

  test('things to do', () => {
    const html = drawn('- [ ] this\n- [x] that')
    expect(html.match(/<input[^>]*>\w+/g)).toEqual([
      '<input type="checkbox" disabled="" aria-label="to do"/>this',
      '<input type="checkbox" disabled="" aria-label="done" checked=""/>that',
    ])
  })

  test('tables', () => {
    const html = drawn('| a | b |\n| - | -: |\n| 1 | **2** |')
    expect(html).toContain('<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>')
    expect(html).toContain('<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody>')
  })

  test('links lead out of the page, also those that are defined further below', () => {
    expect(drawn('[a](https://x.y/?b=1&amp;c=2)')).toBe(
      `<p><a href="https://x.y/?b=1&amp;c=2" title="https://x.y/?b=1&amp;c=2" ${follows}>a</a></p>`,
    )
    expect(drawn('[a]\n\n[a]: https://x.y/')).toContain('href="https://x.y/"')
    expect(drawn('See [a].\n\nAnd.\n\n[a]: https://x.y/\n\nEnd.')).toBe(
      `<p>See <a href="https://x.y/" title="https://x.y/" ${follows}>a</a>.</p><p>And.</p><p>End.</p>`,
    )
    expect(drawn('a@b.cd')).toContain('href="mailto:a@b.cd"')
  })
})

describe('what a model may not do', () => {
  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'javascript&colon;alert(1)',
    '&#106;avascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//x.y/z',
    '/workers/1',
    '#x',
  ])('a link to %s is only its words', (href) => {
    expect(drawn(`[words](${href})`)).toBe('<p>words</p>')
    expect(drawn(`![words](${href})`)).toBe('<p>Image: words</p>')
  })

  test('images are not loaded, but linked', () => {
    expect(drawn('![a](https://x.y/z.png)')).toBe(
      `<p><a href="https://x.y/z.png" title="https://x.y/z.png" ${follows}>Image: a</a></p>`,
    )
  })

  test('HTML is text', () => {
    const html = drawn(
      '<script>alert(1)</script>\n\nan <img src=x onerror=alert(1)> image\n\n<div\nonclick=x>',
    )
    expect(html).not.toMatch(/<(?!\/?p>)/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  test.each([
    ['quotes', '>'.repeat(10_000)],
    ['lists', `${'- '.repeat(10_000)}x`],
    ['numbers', '1. '.repeat(10_000)],
    ['quoted lists', '> - '.repeat(10_000)],
    ['brackets', '['.repeat(100_000)],
    ['half emphasis', 'a_'.repeat(50_000)],
    ['emphasis', '**a**'.repeat(50_000)],
    ['images', '![a]('.repeat(20_000)],
    ['ticks', Array.from({ length: 400 }, (_, n) => '`'.repeat(n)).join(' ')],
    ['blanks', `a\n${' '.repeat(100_000)}x`],
    ['tags', '<a '.repeat(30_000)],
  ])('thousands of %s in one another are drawn at once, and shallow', (_name, text) => {
    const before = performance.now()
    const html = drawn(text) + drawn(text, true)
    expect(performance.now() - before).toBeLessThan(3000)
    expect(html).not.toBe('')
    expect(html.match(/<(blockquote|ul|ol)>/g)?.length ?? 0).toBeLessThan(40)
  })
})

describe('what is being written', () => {
  const code = drawn('```ts\ncode\n```')

  test.each([
    ['Some **bo', '<p>Some <strong>bo</strong></p>'],
    ['Some *it', '<p>Some <em>it</em></p>'],
    ['Some `co', '<p>Some <code>co</code></p>'],
    ['Some ~~de', '<p>Some <del>de</del></p>'],
    ['A [link](http://x', '<p>A link</p>'],
    ['Text\n-', '<p>Text</p>'],
    ['Text\n\n```t', '<p>Text</p>'],
    ['```ts\ncode\n``', code],
    ['```ts\ncode\n```', code],
    ['Text\n\n| a | b', '<p>Text</p>'],
    ['Text\n\n| a | b |\n| -', '<p>Text</p>'],
    ['- a\n- **b', '<ul><li><div><p>a</p></div></li><li><div><p><strong>b</strong></p></div></li></ul>'],
  ])('%j already looks like what it will be', (text, html) => {
    expect(drawn(text, true)).toBe(html)
  })

  test('character by character: what was shown stays, and is only added to', () => {
    const text = [
      '## Found *it*\n\n**Most of** `tsc` in [a file](https://x.y/z), ~~not~~ ***both***. some_file_name, 2 * 3 &amp; a > b!',
      '1. one\n2. **two** it:\n   - by `pnpm`\n   - by [a](http://b.c)\n\n* star\n  ```sh\n  ls | grep x\n  ```\n+ plus',
      '| step | ms |\n| --- | ---: |\n| check | `12` |\n| **all** | 3 |',
      '```ts\nconst a = `x`\n# no\n```\n\n> quote\n> more\n\n- [x] done\n- [ ] open\n\n---\n\n![chart](https://x.y/c.png) __end__',
    ].join('\n\n')
    let before = ''
    for (let end = 1; end <= text.length; end += 1) {
      const shown = wordsIn(drawn(text.slice(0, end), true))
      expect(shown.startsWith(before), `${before.slice(-20)} → ${shown.slice(-20)}`).toBe(true)
      before = shown
    }
  })

  test('once it has ended, all of it is there', () => {
    expect(drawn('Some **bo')).toBe('<p>Some **bo</p>')
    expect(drawn('Text\n\n| a | b')).toBe('<p>Text</p><p>| a | b</p>')
  })
})
