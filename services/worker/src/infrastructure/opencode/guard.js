// @ts-check
/**
 * The guard between a worker and its opencode: starts opencode, and sees to it that opencode and everything opencode started
 * is gone when the worker is, however the worker ended. A program: `node guard.js`, in a session of its own, so that a
 * terminal's Ctrl+C does not reach it. Plain JavaScript, because it must start fast and stay small.
 *
 * stdin is the lifeline: the first line is a `GuardOrder` in JSON, end-of-file means that the worker is gone or wants an end.
 * stdout carries one `GuardMessage` a line. The order is not passed by argument or environment: it holds a password, and the
 * guard must not carry the marker that it sweeps for.
 *
 *   waiting ──order──▶ guarding ──end-of-file, SIGTERM──▶ ending ──▶ exit 0
 *                         └──────opencode ended──────────────┘
 *
 * @typedef {object} GuardOrder
 * @property {string} bin
 * @property {string[]} args
 * @property {string} directory
 * @property {Record<string, string>} env opencode's whole environment, marker and password included
 * @property {string} marker
 * @property {string} authorization value of the header that opens opencode's server
 *
 * @typedef {{ type: 'log', stream: 'stdout' | 'stderr', line: string }
 *   | { type: 'listening', url: string }
 *   | { type: 'unspawnable', code: string, message: string }
 *   | { type: 'ended', exitCode: number | null, signal: string | null }
 *   | { type: 'swept', ended: number, left: number }} GuardMessage
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { endMarked, signal } from './markedProcesses.js'

const disposeMs = 4000
const terminateMs = 1000
const sweep = { graceMs: 500, killMs: 2000 }

/** @param {GuardMessage} message */
function tell(message) {
  if (process.stdout.writable) process.stdout.write(`${JSON.stringify(message)}\n`)
}

/** @param {GuardOrder} order */
function guard(order) {
  const opencode = spawn(order.bin, order.args, {
    cwd: order.directory,
    env: order.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: where there is no /proc, the group is what can be ended.
    detached: true,
  })
  /** @type {string | undefined} */
  let url
  let isEnding = false

  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    opencode.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (opencode.pid !== undefined) return
      tell({ type: 'unspawnable', code: error.code ?? 'UNKNOWN', message: error.message })
      resolve()
    })
    opencode.once('exit', (exitCode, name) => {
      tell({ type: 'ended', exitCode, signal: name })
      resolve()
    })
  })

  createInterface({ input: opencode.stdout }).on('line', (line) => {
    const listening = /listening on (http:\/\/\S+)/.exec(line)?.[1]
    if (listening !== undefined) tell({ type: 'listening', url: (url = listening) })
    else tell({ type: 'log', stream: 'stdout', line })
  })
  createInterface({ input: opencode.stderr }).on('line', (line) => {
    tell({ type: 'log', stream: 'stderr', line })
  })

  async function end() {
    if (isEnding) return
    isEnding = true
    if (url !== undefined) await Promise.race([dispose(url, order.authorization), ended])
    if (opencode.pid !== undefined && opencode.exitCode === null && opencode.signalCode === null) {
      signal(opencode.pid, 'SIGTERM')
      await Promise.race([ended, wait(terminateMs)])
    }
    const result = await endMarked((marker) => marker === order.marker, sweep)
    if (opencode.pid !== undefined) signal(-opencode.pid, 'SIGKILL')
    tell({ type: 'swept', ...result })
    process.exit(0)
  }

  for (const name of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
    process.on(name, () => void end())
  void ended.then(end)
  return end
}

/**
 * Lets opencode abort its sessions and end its shells, language and MCP servers itself.
 *
 * @param {string} url
 * @param {string} authorization
 */
async function dispose(url, authorization) {
  try {
    const signalAfter = AbortSignal.timeout(disposeMs)
    await fetch(`${url}/global/dispose`, { method: 'POST', headers: { authorization }, signal: signalAfter })
  } catch (error) {
    tell({ type: 'log', stream: 'stderr', line: `guard: dispose failed: ${String(error)}` })
  }
}

/** @type {(() => Promise<void>) | undefined} */
let end
// The worker may be gone: what cannot be told is not worth dying for.
process.stdout.on('error', () => undefined)
createInterface({ input: process.stdin })
  .on('line', (line) => {
    end ??= guard(/** @type {GuardOrder} */ (JSON.parse(line)))
  })
  .on('close', () => {
    if (end) void end()
    else process.exit(0)
  })
