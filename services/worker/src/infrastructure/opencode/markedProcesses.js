// @ts-check
/**
 * Finds and ends processes by the marker in their environment. Plain JavaScript without dependencies: the guard runs it
 * under bare Node. Linux only, where /proc shows environments; elsewhere nothing is ever found.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** The environment variable that every process under a guard inherits. */
export const markerVariable = 'ROLLCALL_MARKER'

const rescanMs = 50

/**
 * The living processes whose marker `matches`, and every descendant of theirs, so that a child which was given an
 * environment of its own is found as long as its parents live. Never the calling process.
 *
 * @param {(marker: string) => boolean} matches
 * @returns {number[]}
 */
export function findMarked(matches) {
  const processes = listProcesses()
  const found = new Set(processes.filter(({ pid }) => hasMarker(pid, matches)).map(({ pid }) => pid))
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid)
  }
  found.delete(process.pid)
  return [...found]
}

/**
 * Ends what `findMarked` finds: SIGTERM first, SIGKILL to what is still there after `graceMs`, and again to what is
 * started meanwhile, until nothing is left or `killMs` more have passed.
 *
 * @param {(marker: string) => boolean} matches
 * @param {{ graceMs: number, killMs: number }} limits milliseconds; a `graceMs` of 0 kills without asking
 * @returns {Promise<{ ended: number, left: number }>} how many processes were signalled, and how many are still alive
 */
export async function endMarked(matches, { graceMs, killMs }) {
  /** @type {Set<number>} */
  const asked = new Set()
  /** @type {Set<number>} */
  const seen = new Set()
  const killAt = performance.now() + graceMs
  const giveUpAt = killAt + killMs
  for (;;) {
    const pids = findMarked(matches)
    const now = performance.now()
    if (pids.length === 0 || now >= giveUpAt) return { ended: seen.size, left: pids.length }
    for (const pid of pids) {
      seen.add(pid)
      if (now >= killAt) signal(pid, 'SIGKILL')
      else if (!asked.has(pid)) signal(pid, 'SIGTERM')
      asked.add(pid)
    }
    await wait(rescanMs)
  }
}

/**
 * Sends a signal; a process (or, with a negative id, a group) that is gone or not ours is fine.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
export function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/**
 * The moment a process was started, in clock ticks since boot: with it a process id is unique until the next boot.
 *
 * @param {number} pid
 * @returns {string | undefined} undefined if there is no such living process, or this is not Linux
 */
export function startTimeOf(pid) {
  return readStat(pid)?.startTime
}

/**
 * The memory of a process that is in RAM, pages that it shares with others included.
 *
 * @param {number} pid
 * @returns {number | undefined} bytes; undefined if there is no such living process, or this is not Linux
 */
export function residentBytesOf(pid) {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** @returns {{ pid: number, parent: number }[]} the living processes, zombies left out */
function listProcesses() {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined
    return stat === undefined ? [] : [{ pid, parent: stat.parent }]
  })
}

/**
 * @param {number} pid
 * @returns {{ parent: number, startTime: string } | undefined}
 */
function readStat(pid) {
  const stat = readProc(pid, 'stat')
  // The second field is the program's name in brackets and may hold anything, brackets and spaces included.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const [state, parent] = fields
  const startTime = fields[19]
  if (state === undefined || state === 'Z' || state === 'X' || startTime === undefined) return undefined
  return { parent: Number(parent), startTime }
}

/**
 * @param {number} pid
 * @param {(marker: string) => boolean} matches
 */
function hasMarker(pid, matches) {
  const prefix = `${markerVariable}=`
  const entry = readProc(pid, 'environ')
    ?.split('\0')
    .find((variable) => variable.startsWith(prefix))
  return entry !== undefined && matches(entry.slice(prefix.length))
}

/**
 * @param {number} pid
 * @param {'stat' | 'status' | 'environ'} file
 * @returns {string | undefined} undefined if the process is gone or somebody else's
 */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
