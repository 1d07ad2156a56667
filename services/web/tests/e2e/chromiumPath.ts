import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const installed = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const cache = join(import.meta.dirname, '../../node_modules/.cache/rollcall-chromium')

/** `CHROMIUM_PATH`, else a browser of this computer, else the one from the npm registry, unpacked once. */
export async function chromiumPath(): Promise<string> {
  return process.env['CHROMIUM_PATH'] ?? installed.find((path) => existsSync(path)) ?? (await unpacked())
}

/**
 * The packed browser unpacks itself into the temporary folder and takes a half-written file there for a whole one. Test files run
 * side by side: each unpacks into a folder of its own, and the first to finish gives it its lasting name.
 */
async function unpacked(): Promise<string> {
  const path = join(cache, 'chromium')
  if (existsSync(path)) return path
  await mkdir(join(cache, '..'), { recursive: true })
  const own = await mkdtemp(`${cache}-`)
  const packed = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const script = `import(${JSON.stringify(packed)}).then(async (m) => {
    const chromium = m.default?.default ?? m.default
    chromium.setGraphicsMode = false
    await chromium.executablePath()
  })`
  await promisify(execFile)(process.execPath, ['--eval', script], { env: { ...process.env, TMPDIR: own } })
  try {
    await rename(own, cache)
  } catch (error: unknown) {
    await rm(own, { recursive: true })
    if (!existsSync(path)) throw error
  }
  return path
}
