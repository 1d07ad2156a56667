import { tmpdir } from 'node:os'
import { delimiter, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config'

const here = fileURLToPath(import.meta.url)

const valid = {
  CONVEX_URL: 'http://127.0.0.1:3210/',
  WORKER_TOKEN: `machine_m1:worker_w1:secret_${'s'.repeat(43)}`,
}

function read(env: NodeJS.ProcessEnv) {
  return readConfig(env, { isTerminal: false })
}

function config(env: NodeJS.ProcessEnv) {
  const outcome = read({ ...valid, ...env })
  if (outcome.kind === 'invalid') throw new Error(outcome.mistakes.join('\n'))
  return outcome.config
}

function mistakes(env: NodeJS.ProcessEnv): string[] {
  const outcome = read(env)
  return outcome.kind === 'invalid' ? outcome.mistakes : []
}

describe('readConfig', () => {
  it('reads what is given, with defaults for the rest', () => {
    expect(config({})).toMatchObject({
      backendUrl: 'http://127.0.0.1:3210',
      token: { machineId: 'm1', workerId: 'w1' },
      directory: process.cwd(),
      opencodeBin: undefined,
      shutdownTimeoutMs: undefined,
      healthPort: 0,
      log: { level: 'info', format: 'json' },
    })
  })

  it('is frozen', () => {
    expect(Object.isFrozen(config({}))).toBe(true)
  })

  it('names all mistakes at once, one sentence each', () => {
    const found = mistakes({
      CONVEX_URL: 'convex.cloud',
      WORKER_TOKEN: 'machine_1:worker_2',
      WORKER_DIRECTORY: '/does/not/exist',
      OPENCODE_BIN: '/does/not/exist',
      SHUTDOWN_TIMEOUT_MS: 'soon',
      SHUTDOWN_HOOKS: '/does/not/exist',
      ROLLCALL_HEALTH_PORT: 'any',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    })
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      'CONVEX_URL',
      'WORKER_TOKEN',
      'WORKER_DIRECTORY',
      'OPENCODE_BIN',
      'SHUTDOWN_TIMEOUT_MS',
      'SHUTDOWN_HOOKS',
      'ROLLCALL_HEALTH_PORT',
      'LOG_LEVEL',
      'LOG_FORMAT',
    ])
    expect(found.every((line) => !line.includes('\n') && line.endsWith('.'))).toBe(true)
  })

  it.each([
    [{ ...valid, CONVEX_URL: undefined }, 'CONVEX_URL is not set'],
    [{ ...valid, CONVEX_URL: '' }, 'CONVEX_URL is not set'],
    [{ ...valid, CONVEX_URL: 'https://a.convex.site/api' }, '.convex.cloud'],
    [{ ...valid, CONVEX_URL: 'ftp://a' }, 'must be the address of a Convex deployment'],
    [{ ...valid, WORKER_TOKEN: undefined }, 'WORKER_TOKEN is not set'],
    [{ ...valid, OPENCODE_CONFIG_CONTENT: '[' }, 'OPENCODE_CONFIG_CONTENT must be a JSON object'],
    [{ ...valid, SHUTDOWN_TIMEOUT_MS: '100' }, 'from 500 to 600000'],
    [{ ...valid, ROLLCALL_HEALTH_PORT: '65536' }, 'from 0 to 65535'],
    [{ ...valid, ROLLCALL_HEALTH_PORT: '-1' }, 'from 0 to 65535'],
    [{ ...valid, ROLLCALL_HEALTH_PORT: '80.5' }, 'from 0 to 65535'],
  ])('explains %#', (env, part) => {
    expect(mistakes(env)).toHaveLength(1)
    expect(mistakes(env)[0]).toContain(part)
  })

  it('takes a port for the health endpoint', () => {
    expect(config({ ROLLCALL_HEALTH_PORT: '9464' }).healthPort).toBe(9464)
  })

  it('takes modules with shutdown hooks, relative to its own folder, in their order', () => {
    expect(config({}).shutdownHooks).toEqual([])
    const setup = fileURLToPath(new URL('./setup.ts', import.meta.url))
    const given = [relative(process.cwd(), here), '', setup].join(delimiter)
    expect(config({ SHUTDOWN_HOOKS: given }).shutdownHooks).toEqual([here, setup])
  })

  it('names every module that is not a file', () => {
    const SHUTDOWN_HOOKS = ['/does/not/exist', here, tmpdir()].join(delimiter)
    expect(mistakes({ ...valid, SHUTDOWN_HOOKS })).toEqual([
      'SHUTDOWN_HOOKS names /does/not/exist, which is not a file.',
      `SHUTDOWN_HOOKS names ${tmpdir()}, which is not a file.`,
    ])
  })

  it('never repeats a token in what it says', () => {
    const secret = 's'.repeat(20)
    expect(mistakes({ ...valid, WORKER_TOKEN: `machine_1:worker_1:secret_${secret}` })[0]).not.toContain(
      secret,
    )
  })

  it('keeps the token from opencode', () => {
    const { opencodeEnv } = config({ PATH: '/bin', ANTHROPIC_API_KEY: 'k' })
    expect(opencodeEnv).toMatchObject({ PATH: '/bin', ANTHROPIC_API_KEY: 'k' })
    expect(JSON.stringify(opencodeEnv)).not.toContain('secret_')
  })

  it('is pretty for a person at a terminal, and JSON in production', () => {
    const format = (env: NodeJS.ProcessEnv) => {
      const outcome = readConfig({ ...valid, ...env }, { isTerminal: true })
      return outcome.kind === 'valid' ? outcome.config.log.format : undefined
    }
    expect(format({})).toBe('pretty')
    expect(format({ NODE_ENV: 'production' })).toBe('json')
    expect(format({ NODE_ENV: 'production', LOG_FORMAT: 'pretty' })).toBe('pretty')
  })
})
