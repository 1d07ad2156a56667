import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in the system's own words: compared, never read. */
  started: string
}

/** Undefined if there is no such process (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return identityOf(pid)?.started === started
}

/** This process. Throws if the system does not tell. */
export function ownIdentity(): ProcessIdentity {
  const identity = identityOf(process.pid)
  if (identity === undefined) throw new Error('The system does not tell when this process started')
  return identity
}

/** Fields of `/proc/<pid>/stat` after the command's name, which may itself hold spaces and brackets: see proc(5). */
function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const startTimeTicks = fields[18]
    return state === 'Z' || state === 'X' ? undefined : startTimeTicks
  } catch {
    return undefined
  }
}

function startedByPs(pid: number): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' })
        .trim()
        .replace(/\s+/g, '_') || undefined
    )
  } catch {
    return undefined
  }
}
