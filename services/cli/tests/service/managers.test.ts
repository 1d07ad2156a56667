import { describe, expect, it } from 'vitest'
import { launchdState } from '../../src/service/LaunchdManager'
import { SystemdManager, systemdState } from '../../src/service/SystemdManager'
import { fakeTools } from './setup'

const shown = (values: Record<string, string>) =>
  Object.entries({ LoadState: 'loaded', ...values })
    .map((pair) => pair.join('='))
    .join('\n')

describe('systemdState', () => {
  it('tells a service that runs', () => {
    const values = {
      ActiveState: 'active',
      SubState: 'running',
      UnitFileState: 'enabled',
      MainPID: '42',
      NRestarts: '0',
      Result: 'success',
    }
    expect(systemdState(shown(values))).toEqual({
      isInstalled: true,
      isRunning: true,
      lines: ['rollcall-worker.service: active (running), pid 42', 'Starts by itself.'],
    })
  })

  it('tells one that has failed, with how', () => {
    const values = {
      ActiveState: 'failed',
      SubState: 'failed',
      UnitFileState: 'enabled',
      MainPID: '0',
      NRestarts: '3',
      Result: 'watchdog',
    }
    const { isRunning, lines } = systemdState(shown(values))
    expect(isRunning).toBe(false)
    expect(lines.join('\n')).toMatch(/failed.*\n.*\n.*3 times.*\n.*watchdog/)
  })

  it('tells none', () => {
    expect(systemdState(shown({ LoadState: 'not-found', ActiveState: 'inactive' }))).toEqual({
      isInstalled: false,
      isRunning: false,
      lines: [],
    })
  })
})

describe('launchdState', () => {
  const printed =
    'gui/501/dev.rollcall.worker = {\n\tstate = running\n\n\tpid = 42\n\tlast exit code = (never exited)\n}'

  it('tells an agent that runs', () => {
    expect(launchdState(printed, true)).toEqual({
      isInstalled: true,
      isRunning: true,
      lines: ['dev.rollcall.worker: running, pid 42'],
    })
  })

  it('tells one that has ended, with its exit code', () => {
    const ended = 'x = {\n\tstate = not running\n\tlast exit code = 1\n}'
    expect(launchdState(ended, true)).toMatchObject({
      isRunning: false,
      lines: [/not running/, 'Last exit code: 1'].map((line) => expect.stringMatching(line) as string),
    })
  })

  it('tells none', () => {
    expect(launchdState(undefined, false)).toEqual({ isInstalled: false, isRunning: false, lines: [] })
  })
})

describe('SystemdManager', () => {
  const withLinger = (output: string) => {
    const { run } = fakeTools({ 'loginctl show-user 1000 --property=Linger': { output } })
    return new SystemdManager({ configHome: '/c', user: '1000', run })
  }

  it('says whether lingering is on, and how to turn it on', () => {
    expect(withLinger('Linger=yes').notes().join()).toMatch(/is on/)
    expect(withLinger('Linger=no').notes().join()).toMatch(/is off.*loginctl enable-linger/)
  })

  it('has journalctl show the log', () => {
    const { program, args } = withLinger('').logCommand({ lines: 5, follow: true })
    expect([program, ...args].join(' ')).toBe(
      'journalctl --user-unit=rollcall-worker.service --lines=5 --output=cat --no-pager --quiet --follow',
    )
  })
})
