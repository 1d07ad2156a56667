import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { builtPage } from './e2e/builtPage'

/** Bytes of JavaScript, compressed, before the fleet is there. */
const MOST = 200_000

let folder: string
beforeAll(async () => {
  // Otherwise it is React's development build.
  vi.stubEnv('NODE_ENV', 'production')
  folder = await builtPage()
}, 60_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const scriptInPage = /<(?:script|link)\b[^>]*\b(?:src|href)="(\/[^"]+\.js)"/g
const staticImport = /\b(?:import|from)\s*["'](\.[^"']+\.js)["']/g

/** The scripts that `index.html` loads by itself, and what they import before they run. */
async function eagerScripts(): Promise<Map<string, string>> {
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  const scripts = new Map<string, string>()
  const waiting = Array.from(html.matchAll(scriptInPage), ([, path = '']) => path)
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (scripts.has(path)) continue
    const script = await readFile(join(folder, path), 'utf8')
    scripts.set(path, script)
    for (const [, other = ''] of script.matchAll(staticImport)) {
      waiting.push(new URL(other, `http://page${path}`).pathname)
    }
  }
  return scripts
}

test('the fleet is there after less than 200 kB of JavaScript, compressed', async () => {
  const scripts = await eagerScripts()
  expect(scripts.size).toBeGreaterThan(0)
  const sizes = Array.from(scripts.values(), (script) => gzipSync(script).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST)
})

test('the chat and its markdown are not among it', async () => {
  const scripts = Array.from((await eagerScripts()).values()).join('\n')
  expect(scripts).toContain('No machines yet')
  expect(scripts).not.toContain('Nothing was said yet')
  expect(scripts).not.toContain('noopener noreferrer')
})

test('the page of alerts is not among it', async () => {
  const scripts = Array.from((await eagerScripts()).values()).join('\n')
  expect(scripts).not.toContain('Address of a new webhook')
})
