import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedBackendError } from '../../errors'

interface Holder {
  pid: number
  /** When that process began, so that a later one with the same pid is not taken for it; null where it cannot be told. */
  started: string | null
}

const ATTEMPTS = 5

/**
 * Makes this process the only one on `dataDir` and returns what gives it up again. A lock whose process is gone is taken over.
 * Throws DATA_FOLDER_LOCKED.
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'lock')
  const own = join(dataDir, `lock.${randomUUID()}`)
  const mine: Holder = { pid: process.pid, started: await processStart(process.pid) }
  try {
    await writeFile(own, JSON.stringify(mine))
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // A link appears with its content, and only if there is none yet.
      if (await succeeds(link(own, path), 'EEXIST')) return () => rm(path, { force: true })
      await removeStaleLock(path, dataDir)
    }
  } finally {
    await rm(own, { force: true })
  }
  throw locked(dataDir, null)
}

async function removeStaleLock(path: string, dataDir: string): Promise<void> {
  const text = await readLock(path)
  if (text === null) return
  const holder = parseHolder(text)
  if (holder && (await isAlive(holder))) throw locked(dataDir, holder.pid)
  // Another process may be doing the same: what was moved away must be what was found stale.
  const moved = `${path}.${randomUUID()}`
  if (!(await succeeds(rename(path, moved), 'ENOENT'))) return
  if ((await readLock(moved)) !== text) await succeeds(link(moved, path), 'EEXIST')
  await unlink(moved)
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = await processStart(pid)
  return started === null || now === null || now === started
}

/** Something that differs between two processes that had the same pid. */
async function processStart(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      const [boot, stat] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ])
      // The command's name may hold spaces and parentheses; after it come the state and, 20th, the start time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Dead, and its parent has not noticed: it holds nothing any more.
      return fields[0] === 'Z' ? 'zombie' : `${boot.trim()} ${fields[19] ?? ''}`
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', `${pid}`])
    return stdout.trim() || null
  } catch {
    return null
  }
}

async function readLock(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

function parseHolder(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return null
  }
}

/** Whether `operation` succeeded; false for the one expected error. */
async function succeeds(operation: Promise<void>, expected: string): Promise<boolean> {
  try {
    await operation
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false
    throw error
  }
}

function locked(dataDir: string, pid: number | null): EmbeddedBackendError {
  const who = pid === null ? 'another process' : `the process with pid ${pid}`
  return new EmbeddedBackendError(
    'DATA_FOLDER_LOCKED',
    `${dataDir} is in use by ${who}; stop it first, or choose another data folder`,
  )
}
