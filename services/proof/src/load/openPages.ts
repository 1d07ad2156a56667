import { setTimeout as wait } from 'node:timers/promises'
import { Page } from './Pages'

/**
 * A program of its own (arguments: URL, how many pages, tokens), so that what pages do with their answers delays no heartbeat. Opens
 * them one after another, sends `open`, and answers any message with how often something was told again. Ends with its parent.
 */
const [url = '', count = '0', ...tokens] = process.argv.slice(2)
const LOOK_MS = 20

const pages: Page[] = []
process.on('message', () => process.send?.(pages.reduce((sum, page) => sum + page.updates, 0)))
process.on('disconnect', () => process.exit(0))
for (let index = 0; index < Number(count); index += 1) {
  const page = new Page(url, tokens[index % tokens.length] ?? '')
  pages.push(page)
  while (!page.isOpen) await wait(LOOK_MS)
}
process.send?.('open')
