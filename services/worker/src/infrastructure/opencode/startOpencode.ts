import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createOpencodeClient, type OpencodeClient } from '@opencode-ai/sdk/v2'
import { defaultConfig } from './defaultConfig'
import { findFreePort } from './findFreePort'
import type { GuardOrder } from './guard.js'
import { GuardedProcess, type StartResult } from './GuardedProcess'
import { markerVariable } from './markedProcesses'
import { OpencodeServer } from './OpencodeServer'
import { resolveOpencodeBin } from './resolveOpencodeBin'
import { withinTime } from '../../withinTime'
import { binaryMissing, endedEarly, oneLine, startFailed, statusOf } from './startFailure'
import type { Opencode, StartOpencodeOptions } from './types'

const defaultStartTimeoutMs = 45_000
const portAttempts = 5
const probeTimeoutMs = 10_000
const probeIntervalMs = 100
/** For a start that is given up: opencode has no session yet whose end would be worth waiting for. */
const giveUpDeadlineMs = 4_000

/**
 * Starts opencode under a guard, on a free port of 127.0.0.1 and behind a random password, and resolves when it answers.
 *
 * Rejects with `OpencodeStartError` (`OPENCODE_MISSING`, `OPENCODE_FAILED`), or with the signal's reason if `signal` is
 * aborted; no process is left then.
 */
export async function startOpencode(options: StartOpencodeOptions): Promise<Opencode> {
  options.signal?.throwIfAborted()
  const bin = options.bin ?? resolveOpencodeBin()
  if (!(await isFolder(options.directory))) {
    throw startFailed(
      `the folder ${options.directory} does not exist. Set WORKER_DIRECTORY to one that does.`,
    )
  }
  const giveUp = withinTime(options.startTimeoutMs ?? defaultStartTimeoutMs, options.signal)

  for (let attempt = 1; ; attempt += 1) {
    const access = createAccess(await findFreePort())
    const guarded = new GuardedProcess(orderFor(options, bin, access), options.logger)
    const result = await Promise.race([becomeReady(guarded, options, access, giveUp), whenAborted(giveUp)])
    if (result.kind === 'ready') {
      const { version, client } = result
      options.logger.info({ event: 'opencode.ready', version, guardPid: guarded.pid }, 'opencode is ready')
      const { logger, limits } = options
      return new OpencodeServer({ version, client, guarded, logger, limits })
    }

    await guarded.stop(giveUpDeadlineMs)
    options.signal?.throwIfAborted()
    switch (result.kind) {
      case 'aborted':
        throw startFailed(`it did not answer in time. Its last line: ${oneLine(guarded.lastLine ?? 'none')}`)
      case 'unspawnable':
        throw binaryMissing(bin, result.code)
      case 'misconfigured':
        throw startFailed(`its configuration is not valid. ${result.problem}`)
      case 'ended':
        if (
          !/EADDRINUSE|in use|failed to start server/i.test(guarded.lastLine ?? '') ||
          attempt === portAttempts
        ) {
          throw endedEarly(bin, result.end, guarded.lastLine)
        }
        options.logger.debug({ attempt }, 'The port for opencode was taken meanwhile, trying another one')
        break
      default:
        result satisfies never
    }
  }
}

/** How to reach one opencode server. */
interface Access {
  port: number
  password: string
  /** Value of the authorization header. */
  authorization: string
}

function createAccess(port: number): Access {
  const password = randomBytes(32).toString('base64url')
  return { port, password, authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}` }
}

function orderFor(options: StartOpencodeOptions, bin: string, access: Access): GuardOrder {
  return {
    bin,
    args: ['serve', '--hostname=127.0.0.1', `--port=${access.port}`],
    directory: options.directory,
    marker: options.marker,
    authorization: access.authorization,
    env: {
      ...options.env,
      OPENCODE_SERVER_PASSWORD: access.password,
      OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...defaultConfig, ...options.config }),
      // opencode ends by itself if even the guard is killed; what opencode started is then left to the worker.
      BUN_FEATURE_FLAG_NO_ORPHANS: '1',
      [markerVariable]: options.marker,
    },
  }
}

type Readiness =
  | { kind: 'ready'; version: string; client: OpencodeClient }
  | { kind: 'misconfigured'; problem: string }
  | Exclude<StartResult, { kind: 'listening' }>
  | { kind: 'aborted' }

async function becomeReady(
  guarded: GuardedProcess,
  options: StartOpencodeOptions,
  access: Access,
  giveUp: AbortSignal,
): Promise<Readiness> {
  const started = await guarded.started
  if (started.kind !== 'listening') return started
  // No `directory`: it is opencode's own working directory, and for it the SDK (1.19.3) makes a new Request of each one that it
  // sends. Node 20 does not pass an abort on to that once the first is garbage: every time limit would be void.
  const client = createOpencodeClient({
    baseUrl: started.url,
    headers: { authorization: access.authorization },
  })
  return Promise.race([
    probe(client, giveUp),
    guarded.gone.then((end): Readiness => ({ kind: 'ended', end })),
  ])
}

async function probe(client: OpencodeClient, giveUp: AbortSignal): Promise<Readiness> {
  while (!giveUp.aborted) {
    const readiness = await probeOnce(client, giveUp).catch(() => undefined)
    if (readiness !== undefined) return readiness
    await wait(probeIntervalMs)
  }
  return { kind: 'aborted' }
}

/** Health alone is not enough: it answers even if the configuration is invalid. */
async function probeOnce(client: OpencodeClient, giveUp: AbortSignal): Promise<Readiness | undefined> {
  // A request that reaches opencode while it starts may never be answered: each round gets its own limit.
  const signal = withinTime(probeTimeoutMs, giveUp)
  const health = await client.global.health({ signal })
  if (health.data === undefined) return undefined
  const config = await client.config.get(undefined, { signal })
  if (config.data !== undefined) return { kind: 'ready', version: health.data.version, client }
  const status = statusOf(config)
  return status !== undefined && status < 500
    ? { kind: 'misconfigured', problem: oneLine(config.error) }
    : undefined
}

function whenAborted(signal: AbortSignal): Promise<Readiness> {
  return new Promise((resolve) => {
    const settle = (): void => resolve({ kind: 'aborted' })
    if (signal.aborted) settle()
    else signal.addEventListener('abort', settle, { once: true })
  })
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
