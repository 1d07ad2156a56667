import { spawn } from 'node:child_process'
import type { SystemdNotify } from '../config'

/** Of the time within which a sign of life is wanted: one may come late, and one be lost. */
const BEATS_PER_WATCHDOG = 3
/** Where systemd wants no sign of life, it is still told more than once that the service is ready. */
const RETELL_MS = 60_000

interface Logger {
  warn(fields: object, message: string): void
}

/**
 * Tells systemd that this process is ready, and from then on that its event loop runs: a supervisor that does not is one that sees no
 * worker die. Node has no datagram sockets of the file system, so systemd's own program speaks for it.
 */
export class SystemdNotifier {
  private timer: NodeJS.Timeout | undefined
  private hasFailed = false

  constructor(
    private readonly options: {
      notify: SystemdNotify
      /** Where `systemd-notify` is looked for, as `PATH` has it. */
      searchPath: string
      logger: Logger
    },
  ) {}

  /** To be called once, when the service does its work. */
  ready(): void {
    const { watchdogMs } = this.options.notify
    const everyMs = watchdogMs === undefined ? RETELL_MS : watchdogMs / BEATS_PER_WATCHDOG
    this.tell()
    this.timer = setInterval(() => this.tell(), everyMs)
    this.timer.unref()
  }

  /** From now on nothing is told. Idempotent. */
  close(): void {
    clearInterval(this.timer)
  }

  /** "Ready" each time: it means nothing the second time, and everything if the first was lost. */
  private tell(): void {
    const { notify, searchPath } = this.options
    const child = spawn('systemd-notify', ['--ready', 'WATCHDOG=1'], {
      stdio: 'ignore',
      env: { PATH: searchPath, NOTIFY_SOCKET: notify.socket },
    })
    child.once('error', (error) => this.failed(error.message))
    child.once('exit', (exitCode) => {
      if (exitCode !== 0) this.failed(`exit code ${exitCode ?? 'unknown'}`)
    })
    child.unref()
  }

  private failed(reason: string): void {
    if (this.hasFailed) return
    this.hasFailed = true
    this.options.logger.warn(
      { event: 'service.untold', reason },
      'systemd cannot be told that this service is ready',
    )
  }
}
