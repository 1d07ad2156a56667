import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../errors'
import { launchdAgent } from './launchdAgent'
import type { RunTool } from './runTool'
import { AGENT_LABEL, stopMsFor, type Service } from './Service'
import type { ServiceManager, ServiceState } from './ServiceManager'

/** What launchctl exits with when the agent takes its time to stop. */
const IN_PROGRESS = 36
const LONGEST_DRAIN_MS = stopMsFor(undefined)

/** The launchd of this user's session. */
export class LaunchdManager implements ServiceManager {
  readonly kind = 'launchd'
  readonly file: string
  readonly logFile: string
  private readonly domain: string
  private readonly run: RunTool

  constructor({ home, uid, run }: { home: string; uid: number; run: RunTool }) {
    this.file = join(home, 'Library', 'LaunchAgents', `${AGENT_LABEL}.plist`)
    this.logFile = join(home, 'Library', 'Logs', 'rollcall', 'worker.log')
    this.domain = `gui/${uid}`
    this.run = run
  }

  unreachable(): string | undefined {
    const { exitCode, complaint } = this.run('launchctl', ['print', this.domain])
    return exitCode === 0 ? undefined : complaint || 'launchctl does not answer'
  }

  describe(service: Service): string {
    return launchdAgent(service, this.logFile)
  }

  activate(isChanged: boolean): void {
    this.makeLogFile()
    const isLoaded = this.isLoaded()
    if (isLoaded && isChanged) this.unload()
    if (!isLoaded || isChanged) this.launchctl('bootstrap', this.domain, this.file)
    else this.launchctl('kickstart', this.target)
  }

  deactivate(removeFile: () => void): void {
    if (this.isLoaded()) this.unload()
    removeFile()
  }

  state(): ServiceState {
    const { exitCode, output } = this.run('launchctl', ['print', this.target])
    return launchdState(exitCode === 0 ? output : undefined, existsSync(this.file))
  }

  notes(): string[] {
    return [`Its log: ${this.logFile}`, 'It runs while you are logged in.']
  }

  logCommand({ lines, follow }: { lines: number; follow: boolean }) {
    return { program: 'tail', args: ['-n', String(lines), ...(follow ? ['-F'] : []), this.logFile] }
  }

  private get target(): string {
    return `${this.domain}/${AGENT_LABEL}`
  }

  private isLoaded(): boolean {
    return this.run('launchctl', ['print', this.target]).exitCode === 0
  }

  /** Returns when the agent has drained: launchd would not take a new one of the same name before. */
  private unload(): void {
    const { exitCode, complaint } = this.run('launchctl', ['bootout', this.target])
    if (exitCode !== 0 && exitCode !== IN_PROGRESS) {
      throw new UsageError([`launchctl bootout ${this.target}: ${complaint || 'failed'}`], 1)
    }
    const deadline = performance.now() + LONGEST_DRAIN_MS
    while (this.isLoaded()) {
      if (performance.now() > deadline) throw new UsageError([`${AGENT_LABEL} does not stop.`], 1)
      this.run('sleep', ['0.5'])
    }
  }

  /** launchd would make one that everybody can read. */
  private makeLogFile(): void {
    mkdirSync(dirname(this.logFile), { recursive: true, mode: 0o700 })
    closeSync(openSync(this.logFile, 'a', 0o600))
  }

  private launchctl(...args: string[]): void {
    const { exitCode, complaint } = this.run('launchctl', args)
    if (exitCode !== 0) throw new UsageError([`launchctl ${args.join(' ')}: ${complaint || 'failed'}`], 1)
  }
}

/** From the output of `launchctl print`, undefined if the agent is not loaded. */
export function launchdState(printed: string | undefined, isInstalled: boolean): ServiceState {
  if (printed === undefined) {
    return { isInstalled, isRunning: false, lines: isInstalled ? [`${AGENT_LABEL}: not loaded`] : [] }
  }
  const field = (name: string) => new RegExp(`^\\s*${name} = (.+)$`, 'm').exec(printed)?.[1]
  const pid = field('pid')
  const isRunning = field('state') === 'running'
  const lines = [`${AGENT_LABEL}: ${field('state') ?? 'unknown'}${pid === undefined ? '' : `, pid ${pid}`}`]
  const code = field('last exit code')
  if (!isRunning && code !== undefined) lines.push(`Last exit code: ${code}`)
  return { isInstalled, isRunning, lines }
}
