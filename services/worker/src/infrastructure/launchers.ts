import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** A process, told from a later one with the same pid by its start time. */
export interface ProcessIdentity {
  pid: number
  startTime: string
}

interface ProcessEntry extends ProcessIdentity {
  parent: number
  argv: string[]
}

/** Ancestors looked at, at most: npm, sh, pnpm, sh are four. */
const MAX_DEPTH = 16

/**
 * The launchers above this process, nearest first: npm, npx, pnpm and yarn with the shells they run their scripts in. They do
 * not pass every signal on, so their end has to be noticed. A shell that no launcher stands above is a person's or a
 * script's own, which may well end and leave us running; without a launcher the answer is empty.
 */
export function findLaunchers(pid = process.ppid): ProcessIdentity[] {
  const chain: { entry: ProcessEntry; kind: 'shell' | 'launcher' }[] = []
  for (let at = pid; at > 1 && chain.length < MAX_DEPTH;) {
    const entry = readProcess(at)
    const kind = entry && kindOf(entry.argv)
    if (!entry || !kind) break
    chain.push({ entry, kind })
    at = entry.parent
  }
  const top = chain.findLastIndex(({ kind }) => kind === 'launcher')
  return chain.slice(0, top + 1).map(({ entry: { pid: id, startTime } }) => ({ pid: id, startTime }))
}

/** Whether the process still runs; one that has ended and only waits to be collected does not. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return readProcess(pid)?.startTime === startTime
}

/** What a command line is, of what stands between a person and us. */
export function kindOf(argv: readonly string[]): 'shell' | 'launcher' | undefined {
  const [program = '', ...rest] = argv
  // A process that renames itself (npm does) has its whole title in the first argument.
  const [name = '', ...titled] = basename(program).split(' ')
  const words = [...titled, ...rest]
  if (/^(sh|dash|bash|zsh|ash|ksh)$/.test(name)) return words[0] === '-c' ? 'shell' : undefined
  const script = name === 'node' ? words.find((word) => !word.startsWith('-')) : name
  return /^(npm|npx|pnpm|pnpx|yarn|yarnpkg)(-cli)?(\.[cm]?js)?$/.test(basename(script ?? ''))
    ? 'launcher'
    : undefined
}

function readProcess(pid: number): ProcessEntry | undefined {
  try {
    return process.platform === 'linux' ? readProc(pid) : readPs(pid)
  } catch {
    // Gone between two looks, or not ours to see: either way not a launcher to watch.
    return undefined
  }
}

function readProc(pid: number): ProcessEntry | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command's name is in parentheses and may hold any character; fields are counted after the last one (proc(5)).
  const [state, parent, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const startTime = more[17]
  if (state === 'Z' || state === 'X' || startTime === undefined) return undefined
  const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter((word) => word !== '')
  return { pid, startTime, parent: Number(parent), argv }
}

function readPs(pid: number): ProcessEntry | undefined {
  const line = execFileSync('ps', ['-o', 'ppid=,state=,lstart=,command=', '-p', String(pid)], {
    encoding: 'utf8',
  })
  const match = /^\s*(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/m.exec(line)
  const [, parent, state = 'Z', startTime, command = ''] = match ?? []
  if (startTime === undefined || state.startsWith('Z')) return undefined
  return { pid, startTime, parent: Number(parent), argv: command.split(/\s+/) }
}
