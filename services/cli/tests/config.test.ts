import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { formatWorkerToken } from '@rollcall/backend/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config'
import { UsageError } from '../src/errors'

let folder: string
let envFile: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-config-'))
  envFile = join(folder, '.env.local')
  writeFileSync(envFile, 'CONVEX_URL=https://from-file.convex.cloud\nWORKER_NAME="from file"\n')
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const read = (env: Record<string, string>, file = join(folder, 'none')) =>
  readConfig({ env, envFile: file, isTerminal: false })

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    read(env)
  } catch (error) {
    if (error instanceof UsageError && error.exitCode === 2) return error.lines
    throw error
  }
  return []
}

const secret = 'k'.repeat(43)

describe('readConfig', () => {
  it('needs nothing', () => {
    const config = read({})
    expect(config).toMatchObject({
      port: 3210,
      convexUrl: undefined,
      workerToken: undefined,
      logLevel: 'info',
    })
    expect(config.dataDir).toMatch(/\.rollcall$/)
    expect(config.configDir).toMatch(/rollcall$/)
  })

  it('reads .env.local, which the environment overrides', () => {
    expect(read({}, envFile)).toMatchObject({
      convexUrl: 'https://from-file.convex.cloud',
      workerName: 'from file',
    })
    expect(read({ CONVEX_URL: 'http://127.0.0.1:9/' }, envFile).convexUrl).toBe('http://127.0.0.1:9')
  })

  it('takes a variable that is set to nothing as not set, also over .env.local', () => {
    const config = read({ CONVEX_URL: '', ROLLCALL_PORT: '', LOG_LEVEL: '' }, envFile)
    expect(config).toMatchObject({ convexUrl: undefined, port: 3210, logLevel: 'info' })
    expect(config.environment).not.toHaveProperty('CONVEX_URL')
  })

  it('reports all mistakes at once, one line each, each naming its variable', () => {
    const mistakes = mistakesOf({
      ROLLCALL_PORT: '70000',
      ROLLCALL_HEALTH_PORT: '-1',
      SUPERVISOR_HEALTH_PORT: 'any',
      CONVEX_URL: 'ftp://example.com',
      WORKER_TOKEN: `machine_m:secret_${secret}`,
      WORKER_NAME: 'n'.repeat(65),
      WORKER_DIRECTORY: join(folder, 'missing'),
      OPENCODE_BIN: envFile,
      SHUTDOWN_TIMEOUT_MS: '1.5',
      SHUTDOWN_HOOKS: [envFile, join(folder, 'missing')].join(delimiter),
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    })
    expect(mistakes.map((line) => line.split(' ')[0])).toEqual([
      'CONVEX_URL',
      'WORKER_TOKEN',
      'WORKER_NAME',
      'WORKER_DIRECTORY',
      'OPENCODE_BIN',
      'ROLLCALL_PORT',
      'ROLLCALL_HEALTH_PORT',
      'SUPERVISOR_HEALTH_PORT',
      'SHUTDOWN_TIMEOUT_MS',
      'SHUTDOWN_HOOKS',
      'LOG_LEVEL',
      'LOG_FORMAT',
    ])
    expect(mistakes.every((line) => !line.includes('\n'))).toBe(true)
  })

  it("takes a port for the supervisor, but not its worker's", () => {
    expect(read({}).supervisorHealthPort).toBeUndefined()
    expect(read({ SUPERVISOR_HEALTH_PORT: '0', ROLLCALL_HEALTH_PORT: '0' }).supervisorHealthPort).toBe(0)
    expect(mistakesOf({ SUPERVISOR_HEALTH_PORT: '9464', ROLLCALL_HEALTH_PORT: '9464' })).toEqual([
      'SUPERVISOR_HEALTH_PORT must be another port than ROLLCALL_HEALTH_PORT.',
    ])
  })

  it('does not repeat a secret in the line about it', () => {
    expect(mistakesOf({ WORKER_TOKEN: `machine_m:secret_${secret}` }).join()).not.toContain(secret)
  })

  it('says which of the two addresses of a deployment is meant', () => {
    expect(mistakesOf({ CONVEX_URL: 'https://happy-otter-123.convex.site' }).join()).toContain(
      '.convex.cloud',
    )
  })

  it('keeps to itself how systemd is told of a service: no child may speak for it', () => {
    const config = read({ NOTIFY_SOCKET: '/run/user/1/notify', WATCHDOG_USEC: '90000000', WATCHDOG_PID: '7' })
    expect(config.notify).toEqual({ socket: '/run/user/1/notify', watchdogMs: 90_000 })
    expect(Object.keys(config.environment)).toEqual([])
    expect(read({ NOTIFY_SOCKET: '/n' }).notify).toEqual({ socket: '/n', watchdogMs: undefined })
    expect(read({ WATCHDOG_USEC: '1' }).notify).toBeUndefined()
  })

  it('takes a pasted token with white space around it', () => {
    const token = formatWorkerToken({ machineId: 'm', workerId: 'w', secret })
    expect(read({ WORKER_TOKEN: ` ${token}\n` }).workerToken).toBe(token)
  })
})
