/** Processes as `/proc` shows them. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

/** A process, told from a later one with the same pid by its start time. */
export interface ProcessIdentity {
  pid: number
  startTime: string
}

/** Undefined if it is gone, or has ended and only waits to be collected. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readProc(pid, 'stat')
  // The program's name is in brackets and may hold anything; fields are counted after the last one (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  if (state === undefined || startTime === undefined || state === 'Z' || state === 'X') return undefined
  return { pid, startTime }
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return identify(pid)?.startTime === startTime
}

export function childrenOf(pid: number): number[] {
  return readProc(pid, `task/${pid}/children`)
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)
}

export function commandOf(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim()
}

/** The value of a variable in the environment that a process was started with. */
export function variableOf(pid: number, name: string): string | undefined {
  const found = readProc(pid, 'environ')
    .split('\0')
    .find((entry) => entry.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

export function allPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
}

/** Whether there was such a process. */
export function send(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(target)) return false
  try {
    return process.kill(target.pid, signal)
  } catch {
    return false
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
