import { describe, expect, it } from 'vitest'
import { convexEnvironment } from '../src/convexCli/convexEnvironment'
import { onlyAsksForHelp } from '../src/convexCli/onlyAsksForHelp'
import { runInTerminal } from '../src/convexCli/runInTerminal'
import { servedElsewhere } from '../src/convexCli/servedElsewhere'

const backend = { url: 'http://127.0.0.1:3210', dataDir: '/data' }

describe('convexEnvironment', () => {
  const given = { PATH: '/bin', WORKER_TOKEN: 'hush', CONVEX_DEPLOYMENT: 'dev:other', CONVEX_DEPLOY_KEY: 'k' }

  it('names the deployment and its key, and no other', () => {
    const env = convexEnvironment(given, { url: backend.url, adminKey: 'key', isEmbedded: true })
    expect(env).toMatchObject({
      PATH: '/bin',
      CONVEX_SELF_HOSTED_URL: backend.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: 'key',
    })
    // Set to nothing, and not only left out: the CLI would take them from a file.
    expect(env).toMatchObject({ CONVEX_DEPLOYMENT: '', CONVEX_DEPLOY_KEY: '', CONVEX_DEPLOYMENT_TOKEN: '' })
    expect(JSON.stringify(env)).not.toContain('hush')
  })

  it('has no report of the embedded backend sent to Convex', () => {
    const to = (isEmbedded: boolean) =>
      convexEnvironment({}, { url: backend.url, adminKey: 'key', isEmbedded }).CONVEX_PROVISION_HOST
    expect(to(true)).toBe(backend.url)
    expect(to(false)).toBeUndefined()
  })

  it('names none for a command that asks none', () => {
    expect(convexEnvironment({ PATH: '/bin' }, undefined)).toEqual({ PATH: '/bin' })
  })
})

describe('onlyAsksForHelp', () => {
  it.each([[[]], [['help', 'run']], [['data', '--help']], [['--version']]])('%j needs no backend', (typed) =>
    expect(onlyAsksForHelp(typed)).toBe(true),
  )

  it.each([[['data', 'workers']], [['run', 'fleet:list', '{}']], [['env', 'set', '--', 'A', '-h']]])(
    '%j needs one',
    (typed) => expect(onlyAsksForHelp(typed)).toBe(false),
  )
})

describe('servedElsewhere', () => {
  it.each([
    ['dev', 'pnpm dev'],
    ['deploy', 'CONVEX_URL'],
    ['export', '--format jsonl'],
    ['import', '/data'],
    ['dashboard', 'http://127.0.0.1:3210/_inspect'],
    ['codegen', 'pnpm codegen'],
  ])('%s: one line that names %s', (name, expected) => {
    const line = servedElsewhere([name, '--once'], backend)
    expect(line).toContain(expected)
    expect(line).not.toContain('\n')
  })

  it.each(['run', 'data', 'logs', 'env', 'function-spec', 'constructor', '--url'])(
    '%s is passed on',
    (name) => {
      expect(servedElsewhere([name], backend)).toBeUndefined()
    },
  )
})

describe('runInTerminal', () => {
  const run = (script: string, stop = new AbortController().signal) =>
    runInTerminal({ program: process.execPath, args: ['-e', script], cwd: '/', env: process.env, stop })

  it('answers the exit code, and a signal as shells do', async () => {
    expect(await run('process.exit(7)')).toBe(7)
    expect(await run('process.kill(process.pid, "SIGKILL")')).toBe(137)
  })

  it('passes a signal on', async () => {
    const stop = AbortSignal.abort(new Error('SIGINT'))
    expect(await run('setInterval(() => {}, 1000)', stop)).toBe(130)
  })

  it('says which program cannot be started', async () => {
    const missing = { program: '/nowhere/node', args: [], cwd: '/', env: {} }
    await expect(runInTerminal({ ...missing, stop: new AbortController().signal })).rejects.toThrow(
      '/nowhere/node',
    )
  })
})
