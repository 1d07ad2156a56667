import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seriousFaults } from './seriousFaults'
import { SimulatedWorker, type Answer } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let worker: SimulatedWorker
let workerPage: string
/** What the page asked another server for. */
const elsewhere: string[] = []

beforeAll(async () => {
  visit = await VisitedPage.open()
  visit.page.on('request', (request: Request) => {
    if (!request.url().startsWith(visit.served.url)) elsewhere.push(request.url())
  })
  await visit.signUp('ada@example.com')
  const token = await visit.addApprovedWorker('build-03', 'docs')
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.page.getByRole('heading', { name: 'docs' }).waitFor()
  workerPage = visit.page.url()
})
afterAll(() => visit.close())

const newest = () => visit.page.getByRole('list', { name: 'Messages' }).locator('> li').last()

async function beginAnswer(question: string): Promise<Answer> {
  const composer = visit.page.getByRole('textbox', { name: 'Message to docs' })
  await composer.fill(question)
  await composer.press('Enter')
  await expect.poll(() => composer.inputValue()).toBe('')
  return await worker.claim()
}

/** Whether a page scrolls sideways. */
async function isTooWide(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
}

test('the chat is loaded when a chat is opened, not before', async () => {
  const loaded = () =>
    visit.page.evaluate(
      () => performance.getEntriesByType('resource').filter(({ name }) => /ChatPane/.test(name)).length,
    )
  expect(await loaded()).toBe(0)
  await visit.page.getByRole('textbox', { name: 'New chat with docs' }).fill('Show me everything')
  await visit.click('Start chat')
  await visit.page.getByRole('heading', { name: 'Show me everything' }).waitFor()
  expect(await loaded()).toBe(1)
})

test('every kind of markdown, as it is written', async () => {
  const answer = await worker.claim()
  await answer.append('# Findings\n\nIt is **very')
  await newest().locator('strong', { hasText: 'very' }).waitFor()
  expect(await newest().innerText()).not.toContain('**')
  await answer.append(
    ' slow**, see [the docs](https://example.com/docs).\n\n1. first\n2. second\n   - inner\n\n',
  )
  await newest().getByRole('heading', { name: 'Findings' }).waitFor()
  await newest().locator('ol > li', { hasText: 'second' }).locator('ul > li', { hasText: 'inner' }).waitFor()
  await answer.append('| step | ms |\n| --- | --: |\n| read | 12 |\n| write')
  await newest().getByRole('table').getByRole('cell', { name: 'write' }).waitFor()
  await answer.append(' | 34 |\n\n> quoted\n\n- [x] done\n\n```ts\nconst a = 1\n``')
  await newest().getByLabel('Code, ts', { exact: true }).getByText('const a = 1').waitFor()
  await newest().getByRole('checkbox', { name: 'done' }).waitFor()
  await newest().locator('blockquote', { hasText: 'quoted' }).waitFor()
  expect(await newest().locator('pre').innerText()).toBe('const a = 1')
  await answer.append('`\n\nThe end.')
  await visit.sees('The end.')
  await answer.complete()
  await visit.seesNoMore(/^Writing/)
  const link = newest().getByRole('link', { name: 'the docs' })
  expect(await link.getAttribute('target')).toBe('_blank')
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
  expect(await seriousFaults(visit.page)).toEqual([])
})

test('code is copied as it is, and the button says so', async () => {
  await visit.click('Copy code, ts')
  await newest().getByRole('status').filter({ hasText: 'copied' }).waitFor({ state: 'attached' })
  expect(await visit.page.evaluate(() => navigator.clipboard.readText())).toBe('const a = 1')
  await newest().getByRole('status').filter({ hasText: 'copied' }).waitFor({ state: 'detached' })
})

test('what is wider than the column scrolls by itself, by keyboard too', async () => {
  const answer = await beginAnswer('Wide things')
  const columns = Array.from({ length: 60 }, (_, column) => `column ${column}`)
  const row = (cells: string[]) => `| ${cells.join(' | ')} |\n`
  await answer.append(`\`\`\`\n${'long '.repeat(200)}\n\`\`\`\n\n`)
  await answer.append(row(columns) + row(columns.map(() => '---')) + row(columns).repeat(50))
  await answer.complete()
  await newest().getByRole('cell', { name: 'column 59' }).first().waitFor()
  for (const wide of [newest().locator('pre'), newest().getByRole('group', { name: 'Table' })]) {
    await wide.focus()
    await visit.page.keyboard.press('ArrowRight')
    await expect.poll(() => wide.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0)
  }
  expect(await isTooWide(visit.page)).toBe(false)
})

test('hostile markdown is only text: nothing runs, nothing is loaded, nothing breaks', async () => {
  const answer = await beginAnswer('Attack me')
  for (const attack of [
    '<script>document.title = "owned"</script>\n\n<img src="https://evil.example/a.png" onerror="document.title=1">\n\n',
    '<style>body { display: none }</style>\n\n<iframe src="https://evil.example"></iframe>\n\n<form action="https://evil.example">\n\n',
    '[click](javascript:document.title=1) [and](data:text/html,x) ![pixel](https://evil.example/pixel.png)\n\n',
    `${'>'.repeat(10_000)} deep\n\n${'- '.repeat(10_000)}x\n\n`,
    `${'['.repeat(20_000)}\n\n${'**a_'.repeat(20_000)}\n\n`,
  ]) {
    await answer.append(attack)
  }
  await answer.append('Still here.')
  await visit.sees('Still here.')
  await answer.complete()
  await visit.seesNoMore(/^Writing/)
  expect(await newest().locator('script, style, iframe, form, img').count()).toBe(0)
  expect(
    await newest()
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
  ).toEqual(['https://evil.example/pixel.png'])
  expect(await newest().locator('blockquote').count()).toBeLessThan(40)
  expect(await visit.page.title()).toContain('Show me everything')
  expect(await isTooWide(visit.page)).toBe(false)
  expect(elsewhere).toEqual([])
})

test('what people write stays as they wrote it', async () => {
  const answer = await beginAnswer('# not a heading\n  *not* emphasis')
  await answer.complete()
  const question = visit.page.getByRole('list', { name: 'Messages' }).locator('> li').nth(-2)
  expect(await question.innerText()).toContain('# not a heading\n  *not* emphasis')
})

test('of a long answer only what is being written is drawn again', async () => {
  const answer = await beginAnswer('Tell me a lot')
  const paragraph = `${'Some **words** and `code`. '.repeat(10)}\n\n`
  await answer.append(paragraph.repeat(100))
  await answer.append('Begun')
  await visit.sees('Begun')
  const changed = await newest().evaluateHandle((message) => {
    const settled = Array.from(message.querySelectorAll('p:has(code)')).slice(0, -1)
    const seen: Node[] = []
    const observer = new MutationObserver((records) =>
      seen.push(
        ...records.map(({ target }) => target).filter((node) => settled.some((each) => each.contains(node))),
      ),
    )
    observer.observe(message, { subtree: true, childList: true, characterData: true, attributes: true })
    return { seen, settled }
  })
  for (const words of [' and', ' going **on', '**\n\nNext']) await answer.append(words)
  await visit.sees('Next')
  const counts = await changed.evaluate(({ seen, settled }) => [settled.length, seen.length])
  expect(counts).toEqual([99, 0])
  expect(await changed.evaluate(({ settled }) => settled.every((each) => each.isConnected))).toBe(true)
  await answer.complete()
})

test('a tool that is used in the middle of a block of code leaves it whole', async () => {
  const answer = await beginAnswer('Write code')
  await answer.append('```js\nfirst()\n')
  const call = { kind: 'tool' as const, tool: 'bash', title: 'node x.js', input: '{}', output: 'ok' }
  await answer.putParts({ key: 't1', at: 15, what: { ...call, status: 'completed' } })
  await answer.append('second()\n```\nDone.')
  await newest().getByText('Done.').waitFor()
  await answer.complete()
  expect(await newest().getByLabel('Code, js', { exact: true }).locator('pre').innerText()).toBe(
    'first()\nsecond()',
  )
  expect(await newest().innerText()).toMatch(/second\(\)[^]*bash[^]*Done\./)
})

test('the chat’s file is gone (the backend serves a newer page): said so, and tried again with the draft kept', async () => {
  const chat = visit.page.url()
  await visit.page.getByRole('textbox', { name: 'Message to docs' }).fill('a draft')
  let answerRequests = () => {}
  const asked = new Promise<void>((resolve) => (answerRequests = resolve))
  await visit.page.route(/ChatPane.*\.js/, async (route) => {
    await asked
    await route.fulfill({ status: 404, body: 'Not found' })
  })
  await visit.page.goto(workerPage)
  await visit.page.getByRole('link', { name: 'Show me everything' }).click()
  await visit.sees('Loading the chat…')
  const fleet = visit.page.getByRole('complementary', { name: 'Fleet' })
  const before = await fleet.boundingBox()
  answerRequests()
  await visit.sees('The chat cannot be shown')
  expect(await fleet.boundingBox()).toEqual(before)
  expect(await visit.page.getByRole('link', { name: 'docs', exact: true }).isVisible()).toBe(true)
  await visit.page.unroute(/ChatPane.*\.js/)
  await visit.click('Try again')
  await visit.page.getByRole('heading', { name: 'Show me everything' }).waitFor()
  expect(visit.page.url()).toBe(chat)
  await expect
    .poll(() => visit.page.getByRole('textbox', { name: 'Message to docs' }).inputValue())
    .toBe('a draft')
})
