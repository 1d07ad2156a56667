import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UsageError } from '../../src/errors'
import { assertReachable, installService, required, uninstallService } from '../../src/service/installService'
import { LaunchdManager } from '../../src/service/LaunchdManager'
import { SystemdManager } from '../../src/service/SystemdManager'
import type { RunTool } from '../../src/service/runTool'
import { fakeTools, service as anywhere } from './setup'

const token = `machine_m:worker_w:secret_${'k'.repeat(43)}`
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rollcall-service-'))
})

afterEach(() => {
  rmSync(home, { recursive: true })
})

function onLinux(answers = {}) {
  const tools = fakeTools(answers)
  const manager = new SystemdManager({ configHome: home, user: '1000', run: tools.run })
  const service = { ...anywhere, environmentFile: join(home, 'rollcall', 'service.env') }
  const install = (variables = {}) => installService(manager, service, { WORKER_TOKEN: token, ...variables })
  const uninstall = () => uninstallService(manager, service.environmentFile)
  return { ...tools, manager, service, install, uninstall }
}

describe('install with systemd', () => {
  it('keeps the secret in a file for its owner only, and out of the unit and of every command line', () => {
    const { manager, service, install, calls } = onLinux()
    install()
    expect(readFileSync(service.environmentFile, 'utf8')).toContain(token)
    expect(statSync(service.environmentFile).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(service.environmentFile)).mode & 0o777).toBe(0o700)
    expect(readFileSync(manager.file, 'utf8')).not.toContain('secret')
    expect(calls.join()).not.toContain('secret')
  })

  it('starts it again only if something changed', () => {
    const { install, calls } = onLinux()
    expect(install()).toBe(true)
    expect(install()).toBe(false)
    expect(install({ LOG_LEVEL: 'debug' })).toBe(true)
    expect(calls.filter((call) => /start/.test(call))).toEqual([
      'systemctl --user restart rollcall-worker.service',
      'systemctl --user start rollcall-worker.service',
      'systemctl --user restart rollcall-worker.service',
    ])
  })

  it('brings back the mode of a file that was opened to others', () => {
    const { service, install } = onLinux()
    install()
    rmSync(service.environmentFile)
    writeFileSync(
      service.environmentFile,
      '# Written by `pnpm service install`; `pnpm service uninstall` removes it.\n',
      {
        mode: 0o644,
      },
    )
    install()
    expect(statSync(service.environmentFile).mode & 0o777).toBe(0o600)
  })

  it('touches nothing if there is a unit of this name that it did not write', () => {
    const { manager, install, uninstall, calls } = onLinux()
    mkdirSync(dirname(manager.file), { recursive: true })
    writeFileSync(manager.file, '[Unit]\n')
    expect(install).toThrow(/was not written by/)
    expect(uninstall).toThrow(/was not written by/)
    expect(readFileSync(manager.file, 'utf8')).toBe('[Unit]\n')
    expect(calls).toEqual([])
  })

  it('says what systemctl refuses', () => {
    const failing = { exitCode: 1, complaint: 'Job failed.' }
    const { install } = onLinux({ 'systemctl --user restart rollcall-worker.service': failing })
    expect(install).toThrow(/restart.*Job failed.*pnpm logs/)
  })
})

describe('uninstall', () => {
  it('stops the service and removes what install wrote', () => {
    const { manager, service, install, uninstall, calls } = onLinux()
    install()
    calls.length = 0
    expect(uninstall()).toEqual([manager.file, service.environmentFile])
    expect(calls[0]).toBe('systemctl --user disable --now rollcall-worker.service')
    expect(uninstall()).toEqual([])
  })

  it('leaves the lines that a person added, without the secret', () => {
    const { service, install, uninstall } = onLinux()
    install()
    writeFileSync(service.environmentFile, `${readFileSync(service.environmentFile, 'utf8')}MINE=1\n`)
    uninstall()
    expect(readFileSync(service.environmentFile, 'utf8')).toMatch(/MINE=1\n$/)
    expect(readFileSync(service.environmentFile, 'utf8')).not.toContain(token)
  })
})

describe('install with launchd', () => {
  it('loads the agent, and after a change loads it anew once it has drained', () => {
    const { run, calls } = fakeLaunchd()
    const manager = new LaunchdManager({ home, uid: 501, run })
    const service = { ...anywhere, environmentFile: join(home, 'service.env') }
    const load = `launchctl bootstrap gui/501 ${manager.file}`
    installService(manager, service, { WORKER_TOKEN: token })
    expect(calls.splice(0)).toEqual([load])
    installService(manager, service, { WORKER_TOKEN: token, LOG_LEVEL: 'debug' })
    expect(calls).toEqual(['launchctl bootout gui/501/dev.rollcall.worker', 'sleep 0.5', load])
    expect(readFileSync(manager.file, 'utf8')).not.toContain(token)
    expect(statSync(manager.logFile).mode & 0o777).toBe(0o600)
  })
})

/** An agent is loaded by `bootstrap`, and until one `sleep` after `bootout`, which says that it takes its time. */
function fakeLaunchd(): { run: RunTool; calls: string[] } {
  const calls: string[] = []
  let state: 'loaded' | 'draining' | 'gone' = 'gone'
  const run: RunTool = (program, args) => {
    const verb = args[0] ?? ''
    if (verb === 'print') return { exitCode: state === 'gone' ? 113 : 0, output: '', complaint: '' }
    calls.push([program, ...args].join(' '))
    if (verb === 'bootstrap') state = 'loaded'
    else state = verb === 'bootout' ? 'draining' : 'gone'
    return { exitCode: verb === 'bootout' ? 36 : 0, output: '', complaint: '' }
  }
  return { run, calls }
}

describe('where there is no manager', () => {
  it.each([
    ['another platform', () => required(undefined)],
    [
      'a container',
      () => assertReachable(onLinux({ 'systemctl --user show-environment': { exitCode: 1 } }).manager),
    ],
  ])('%s: says what to do instead, exit 2', (_, attempt) => {
    expect(attempt).toThrow(/pnpm start.*docs\/service\.md/)
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2 }) as UsageError)
  })
})
