import { spawn } from 'node:child_process'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../errors'
import { paths, viteProgram } from '../paths'
import { say } from '../terminal'
import { fingerprint, isBuiltFrom, noteOf } from './pageFingerprint'

const sources = [
  ...['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(paths.web, name)),
  join(paths.functions, '_generated'),
  paths.contract,
  join(paths.repo, 'pnpm-lock.yaml'),
]

/**
 * Builds the page unless the build at hand is of these very sources. Answers its folder. Built aside and moved into place,
 * so that an interrupted build is never served. Throws `UsageError` if the build fails.
 */
export async function buildPage(signal: AbortSignal): Promise<string> {
  const digest = fingerprint(paths.repo, sources)
  if (isBuiltFrom(paths.page, digest)) return paths.page
  const begun = performance.now()
  say('Building the page …')
  const draft = join(paths.web, 'node_modules', `.page-${process.pid}`)
  try {
    await runVite(['build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'], signal)
    writeFileSync(noteOf(draft), digest)
    moveIntoPlace(draft, digest)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  say(`Built the page in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  return paths.page
}

/** Another start may build at the same time: whoever comes second keeps the other's, if it is the same. */
function moveIntoPlace(draft: string, digest: string): void {
  const former = `${draft}-former`
  try {
    if (existsSync(paths.page)) renameSync(paths.page, former)
    renameSync(draft, paths.page)
  } catch (error) {
    if (!isBuiltFrom(paths.page, digest)) throw error
  } finally {
    rmSync(former, { recursive: true, force: true })
  }
}

async function runVite(args: string[], signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [viteProgram(), ...args], {
    cwd: paths.web,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
    signal,
  })
  let output = ''
  const keep = (chunk: Buffer) => (output += chunk.toString())
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  signal.throwIfAborted()
  if (code !== 0) throw new UsageError(['The page could not be built:', output.trim()], 1)
}
