import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isTokenWrong, judgeConfiguration, readWhatIsRight } from '../../src/doctor/configuration'
import { inspectPermissions, judgePermissions } from '../../src/doctor/permissions'
import { inspectTokens, judgeTokens } from '../../src/doctor/token'

const token = `machine_m:worker_w:secret_${'k'.repeat(43)}`
const embedded = { convexUrl: undefined }
const never = new AbortController().signal
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-doctor-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A data folder in which a worker's token is kept. */
function dataDirWith(tokenFile: string): string {
  const worker = join(folder, 'workers', 'worker')
  mkdirSync(worker, { recursive: true, mode: 0o700 })
  writeFileSync(join(worker, 'token.json'), tokenFile, { mode: 0o600 })
  return folder
}

const placesIn = (dataDir: string) => ({
  convexUrl: undefined,
  workerToken: undefined,
  dataDir,
  configDir: join(dataDir, 'none'),
})

describe('the configuration', () => {
  const read = (env: Record<string, string>) =>
    readWhatIsRight({ env, envFile: join(folder, 'none'), isTerminal: false })

  it('is read as far as it is right, and each mistake is a problem', () => {
    const { config, mistakes } = read({ ROLLCALL_PORT: 'many', LOG_LEVEL: 'loud', WORKER_NAME: 'ann' })
    expect(config).toMatchObject({ port: 3210, logLevel: 'info', workerName: 'ann' })
    expect(judgeConfiguration(mistakes, config)).toMatchObject([
      {
        check: 'configuration',
        state: 'problem',
        message: expect.stringMatching(/^ROLLCALL_PORT /) as string,
      },
      { check: 'configuration', state: 'problem', message: expect.stringMatching(/^LOG_LEVEL /) as string },
    ])
  })

  it('has a token of the wrong form told as one of the token, without repeating it', () => {
    const { config, mistakes } = read({ WORKER_TOKEN: 'secret_hush' })
    expect(isTokenWrong(mistakes)).toBe(true)
    const findings = judgeConfiguration(mistakes, config)
    expect(findings).toMatchObject([{ check: 'token', state: 'problem' }])
    expect(JSON.stringify(findings)).not.toContain('hush')
  })
})

describe('tokens', () => {
  it('are found where they are kept, and none is asked about without a backend', async () => {
    const facts = await inspectTokens(
      placesIn(dataDirWith(JSON.stringify({ name: 'worker', token }))),
      undefined,
      never,
    )
    expect(facts).toMatchObject([{ answer: { kind: 'unasked' } }])
    expect(judgeTokens(facts, embedded)).toMatchObject([{ state: 'ok' }])
    expect(JSON.stringify(facts)).not.toContain(token)
  })

  it('that are not whole are a problem, with the command that removes them', async () => {
    const facts = await inspectTokens(placesIn(dataDirWith('{"name":"worker","tok')), undefined, never)
    const path = join(folder, 'workers', 'worker', 'token.json')
    expect(judgeTokens(facts, embedded)).toMatchObject([{ state: 'problem', command: `rm '${path}'` }])
  })

  it('that the backend refuses are a problem, with what it said', () => {
    const answer = { kind: 'refused', message: 'This worker was revoked.' } as const
    expect(judgeTokens([{ source: 'WORKER_TOKEN', answer }], embedded)).toMatchObject([
      {
        state: 'problem',
        message: expect.stringContaining('This worker was revoked.') as string,
        cure: expect.stringContaining('new token') as string,
      },
    ])
  })

  it('may be missing: a start makes one, or is let join', () => {
    expect(judgeTokens([], embedded)).toMatchObject([{ state: 'ok' }])
    expect(judgeTokens([], { convexUrl: 'https://x.convex.cloud' })[0]?.message).toContain('code')
  })
})

describe('permissions', () => {
  const look = (dataDir: string, envFile = join(folder, 'none')) =>
    judgePermissions(inspectPermissions(placesIn(dataDir), envFile))

  it('are fine while only the owner can read', () => {
    expect(look(dataDirWith('{}'))).toMatchObject([{ state: 'ok' }])
    expect(look(join(folder, 'missing'))).toMatchObject([{ state: 'ok' }])
  })

  it('that let others in are a problem each, with the command that mends them', () => {
    const dataDir = dataDirWith('{}')
    const tokenFile = join(dataDir, 'workers', 'worker', 'token.json')
    chmodSync(dataDir, 0o755)
    chmodSync(tokenFile, 0o640)
    expect(look(dataDir)).toMatchObject([
      { state: 'problem', command: `chmod 700 '${dataDir}'` },
      { state: 'problem', command: `chmod 600 '${tokenFile}'` },
    ])
  })

  it('of .env.local matter if it holds a secret', () => {
    const envFile = join(folder, '.env.local')
    writeFileSync(envFile, 'LOG_LEVEL=info\n', { mode: 0o644 })
    expect(look(folder, envFile)).toMatchObject([{ state: 'ok' }])
    writeFileSync(envFile, `WORKER_TOKEN=${token}\n`)
    expect(look(folder, envFile)).toMatchObject([{ state: 'problem', command: `chmod 600 '${envFile}'` }])
  })

  it('cannot be mended by chmod where another user owns it', () => {
    const facts = { path: '/d', isFolder: true, mode: 0o700, isOurs: false }
    expect(judgePermissions([facts])).toMatchObject([
      { state: 'problem', command: expect.stringContaining('chown') as string },
    ])
  })
})
