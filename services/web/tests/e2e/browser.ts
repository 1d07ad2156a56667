import { chromium, type Browser } from 'playwright-core'
import { chromiumPath } from './chromiumPath'

/** A headless browser; close it when done. Tests may run as root in a container, where Chromium has no sandbox. */
export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none'],
  })
}
