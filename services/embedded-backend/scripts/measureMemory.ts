import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { openEngine } from '../src/engine/openEngine'
import type { Engine } from '../src/engine/types'
import { nodeFlags } from '../src/nodeFlags'

/**
 * Prints the resident memory, in MiB, of a process that opens a folder with many documents (another one has filled it), and of the same
 * process after it has written for a while. Linux only. Arguments: documents (default 200000), characters of text in each (default 200),
 * seconds to write (default 20).
 */
const [documents = 200_000, textChars = 200, seconds = 20] = process.argv.slice(2, 5).map(Number)
const [step, dataDir = ''] = process.argv.slice(5)
const PER_MUTATION = 2_000
const text = 'x'.repeat(textChars)

const open = (): Promise<Engine> =>
  openEngine({
    functionsDir: new URL('../tests/fixtures/app', import.meta.url).pathname,
    dataDir,
    urls: () => ({ cloudUrl: 'http://127.0.0.1:1', siteUrl: 'http://127.0.0.1:1/http' }),
    logger: pino({ level: 'warn' }),
  })

async function fill(engine: Engine): Promise<void> {
  for (let made = 0; made < documents; made += PER_MUTATION) {
    const args = { count: PER_MUTATION, owner: `o${made % 97}`, text }
    await engine.mutation({ path: 'notes:bulk', args, identity: { kind: 'admin' } })
  }
}

/** Of this process. */
async function residentMiB(): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1_024)
}

async function useIt(engine: Engine): Promise<void> {
  const opened = await residentMiB()
  const until = performance.now() + seconds * 1_000
  let writes = 0
  for (; performance.now() < until; writes += 1) {
    await engine.mutation({ path: 'notes:add', args: { owner: 'ann', text }, identity: { kind: 'none' } })
  }
  process.stdout.write(`${JSON.stringify({ documents, opened, writes, afterwards: await residentMiB() })}\n`)
}

async function child(what: 'fill' | 'use', folder: string): Promise<void> {
  const args = [documents, textChars, seconds].map(String)
  const started = fork(fileURLToPath(import.meta.url), [...args, what, folder], {
    execArgv: [...nodeFlags, '--import', 'tsx'],
  })
  const [code] = (await once(started, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${what}: exit code ${code}`)
}

if (step === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'measure-memory-'))
  try {
    await child('fill', folder)
    await child('use', folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
} else {
  const engine = await open()
  await (step === 'fill' ? fill(engine) : useIt(engine))
  await engine.close()
}
