import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** A process that listens on a port; `command` is its program and first word, for people. */
export interface Listener {
  pid: number
  command: string
}

/** The process that listens on this TCP port; undefined if the system does not tell, as of another user's. */
export function findListener(port: number): Listener | undefined {
  try {
    return process.platform === 'linux' ? byProc(port) : byLsof(port)
  } catch {
    return undefined
  }
}

/** State `0A` is LISTEN, field 9 the socket's inode, see proc_net(5). */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? [])
}

function byProc(port: number): Listener | undefined {
  const links = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((table) => listeningInodes(readText(table), port))
    .map((inode) => `socket:[${inode}]`)
  const pid = list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => list(`/proc/${name}/fd`).some((fd) => links.includes(linkOf(`/proc/${name}/fd/${fd}`))))
  if (pid === undefined) return undefined
  return { pid: Number(pid), command: shortCommand(readText(`/proc/${pid}/cmdline`).split('\0')) }
}

function byLsof(port: number): Listener | undefined {
  const printed = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' })
  const pid = /^p(\d+)$/m.exec(printed)?.[1]
  return pid === undefined
    ? undefined
    : { pid: Number(pid), command: /^c(.*)$/m.exec(printed)?.[1] ?? 'a program' }
}

/** Not the whole command line: it may hold secrets. */
function shortCommand([program = '', first = '']: readonly string[]): string {
  return [program, first]
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => basename(word))
    .join(' ')
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
