import { join } from 'node:path'
import { UsageError } from '../errors'
import type { RunTool } from './runTool'
import { UNIT_NAME, type Service } from './Service'
import type { ServiceManager, ServiceState } from './ServiceManager'
import { systemdUnit } from './systemdUnit'

const properties = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'MainPID', 'NRestarts', 'Result']

/** The user's own systemd. */
export class SystemdManager implements ServiceManager {
  readonly kind = 'systemd'
  readonly file: string

  constructor(
    private readonly options: {
      /** `$XDG_CONFIG_HOME`, or `~/.config`. */
      configHome: string
      user: string
      run: RunTool
    },
  ) {
    this.file = join(options.configHome, 'systemd', 'user', UNIT_NAME)
  }

  unreachable(): string | undefined {
    const { exitCode, complaint } = this.options.run('systemctl', ['--user', 'show-environment'])
    return exitCode === 0 ? undefined : complaint || 'systemctl does not answer'
  }

  describe(service: Service): string {
    return systemdUnit(service)
  }

  activate(isChanged: boolean): void {
    this.systemctl('daemon-reload')
    this.systemctl('enable', UNIT_NAME)
    this.systemctl(isChanged ? 'restart' : 'start', UNIT_NAME)
  }

  deactivate(removeFile: () => void): void {
    this.systemctl('disable', '--now', UNIT_NAME)
    removeFile()
    this.systemctl('daemon-reload')
    // A failure that nobody has looked at would keep the name.
    this.options.run('systemctl', ['--user', 'reset-failed', UNIT_NAME])
  }

  state(): ServiceState {
    const shown = this.systemctl('show', UNIT_NAME, `--property=${properties.join(',')}`)
    return systemdState(shown)
  }

  notes(): string[] {
    const { user, run } = this.options
    const { output } = run('loginctl', ['show-user', user, '--property=Linger'])
    if (output === 'Linger=yes') return ['Lingering is on: it also runs while you are not logged in.']
    return [
      'Lingering is off: it runs while you are logged in only. To start it with the computer: loginctl enable-linger',
    ]
  }

  logCommand({ lines, follow }: { lines: number; follow: boolean }) {
    const args = [`--user-unit=${UNIT_NAME}`, `--lines=${lines}`, '--output=cat', '--no-pager', '--quiet']
    return { program: 'journalctl', args: follow ? [...args, '--follow'] : args }
  }

  private systemctl(...args: string[]): string {
    const { exitCode, output, complaint } = this.options.run('systemctl', ['--user', ...args])
    if (exitCode === 0) return output
    throw new UsageError(
      [`systemctl --user ${args.join(' ')}: ${complaint || 'failed'}. See \`pnpm logs\`.`],
      1,
    )
  }
}

/** From the output of `systemctl show`. */
export function systemdState(shown: string): ServiceState {
  const values = new Map(
    shown.split('\n').map((line) => {
      const [name = '', ...value] = line.split('=')
      return [name, value.join('=')]
    }),
  )
  const get = (name: string) => values.get(name) ?? ''
  const isInstalled = get('LoadState') === 'loaded'
  const isRunning = get('ActiveState') === 'active'
  if (!isInstalled) return { isInstalled, isRunning, lines: [] }
  const pid = get('MainPID')
  const lines = [
    `${UNIT_NAME}: ${get('ActiveState')} (${get('SubState')})${pid === '' || pid === '0' ? '' : `, pid ${pid}`}`,
    get('UnitFileState') === 'enabled' ? 'Starts by itself.' : 'Does not start by itself.',
    ...(get('NRestarts') === '' || get('NRestarts') === '0'
      ? []
      : [`Started again by systemd: ${get('NRestarts')} times.`]),
    ...(get('Result') === '' || get('Result') === 'success' ? [] : [`Last result: ${get('Result')}.`]),
  ]
  return { isInstalled, isRunning, lines }
}
