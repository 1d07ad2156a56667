import { api } from '@rollcall/backend/api'
import type { StopCause } from '@rollcall/backend/contract'
import type { FunctionArgs, FunctionReturnType } from 'convex/server'
import { RefusalError } from '../errors'
import { AnswerDesk } from './AnswerDesk'
import type { Credentials, Following } from './Following'
import type { PublicCalls } from '../backend/PublicCalls'

/** What a worker tells of its end, and what its supervisor does. */
type Farewell = Omit<FunctionArgs<typeof api.workers.goOffline>, 'credentials'>
type ExitReport = Omit<FunctionArgs<typeof api.workers.reportExit>, 'witness'>
export type Command = NonNullable<FunctionReturnType<typeof api.workers.self>['command']>

interface RunOptions {
  calls: PublicCalls
  following: Following
  credentials: Credentials
  witnessKey: string
  /** Milliseconds. */
  heartbeatIntervalMs: number
  paceMs: number
  onCommand: (command: Command) => void
}

const OPENCODE_VERSION = '1.18.33'
/** As the worker has it. */
const BEAT_JITTER = 0.1

const models = [
  { id: 'anthropic/claude-sonnet-4-5', name: 'Claude Sonnet 4.5' },
  { id: 'openai/gpt-5', name: 'GPT-5' },
]

/**
 * One run of a seeded worker, from its registration to its end: beats, follows what it is told, answers chats. Its methods throw as
 * `PublicCalls`.
 *
 *   starting ──ready──▶ ready ──beginDraining──▶ draining ──goOffline, die──▶ ended (terminal)
 *
 * Every state can end; a beat or a report that is refused ends it, too.
 */
export class Run {
  readonly desk: AnswerDesk
  heartbeatIntervalMs: number
  private state: 'starting' | 'ready' | 'draining' | 'ended' = 'starting'
  private seq = 0
  private beats: NodeJS.Timeout | undefined
  private readonly unfollow: () => void

  constructor(private readonly options: RunOptions) {
    const { calls, credentials, following, onCommand, paceMs } = options
    this.heartbeatIntervalMs = options.heartbeatIntervalMs
    this.desk = new AnswerDesk(calls, credentials, paceMs)
    this.unfollow = following.follow(credentials, {
      onSelf: ({ command, heartbeatIntervalMs }) => {
        this.heartbeatIntervalMs = heartbeatIntervalMs
        if (command !== null) onCommand(command)
      },
      onQueued: (queued) => this.desk.take(queued),
      onStops: (stops) => this.desk.stop(stops),
    })
    // Those of a fleet that was made at once are spread over the interval.
    this.beatIn(Math.random() * this.heartbeatIntervalMs)
  }

  get hasEnded(): boolean {
    return this.state === 'ended'
  }

  get isReady(): boolean {
    return this.state === 'ready'
  }

  get isDraining(): boolean {
    return this.state === 'draining'
  }

  /** Takes work. Repeated when a beat has brought it online again. */
  async ready(): Promise<void> {
    const { calls, credentials } = this.options
    await calls.mutation(api.workers.ready, { credentials, opencodeVersion: OPENCODE_VERSION })
    await calls.mutation(api.workers.publishModels, { credentials, models })
    if (this.state === 'starting') this.state = 'ready'
  }

  /** Tells that it ends within `deadlineMs`. */
  async beginDraining(cause: StopCause, deadlineMs: number): Promise<void> {
    const { calls, credentials } = this.options
    this.state = 'draining'
    await calls.mutation(api.workers.beginDraining, { credentials, cause, deadlineMs })
  }

  /** Takes its leave, lost or not. */
  async goOffline(farewell: Farewell): Promise<void> {
    const { calls, credentials } = this.options
    await this.desk.close()
    await calls.mutation(api.workers.goOffline, { credentials, ...farewell })
    this.end()
  }

  /** Its supervisor has seen it end without a word. */
  async die(report: ExitReport): Promise<void> {
    await this.options.calls.mutation(api.workers.reportExit, { witness: this.witness, ...report })
    this.end()
  }

  /** Its supervisor has no answer from it, or has one again. Whoever hangs does not beat. */
  async hang(isHung: boolean): Promise<void> {
    clearTimeout(this.beats)
    await this.options.calls.mutation(api.workers.reportHang, { witness: this.witness, isHung })
    if (!isHung) this.beatIn(0)
  }

  /** As if the whole machine were lost: it beats no more, and does not hear what it is told. */
  fallSilent(): void {
    clearTimeout(this.beats)
    this.unfollow()
  }

  /** Does nothing any more. */
  end(): void {
    this.state = 'ended'
    this.fallSilent()
  }

  private get witness() {
    const { credentials, witnessKey } = this.options
    return { workerId: credentials.workerId, epoch: credentials.epoch, key: witnessKey }
  }

  private beatIn(ms: number): void {
    if (this.hasEnded) return
    this.beats = setTimeout(() => void this.beat(), ms)
  }

  /** What gets no answer is sent anew when the next one is due, as a beat of its own. Never rejects. */
  private async beat(): Promise<void> {
    const { calls, credentials } = this.options
    this.seq += 1
    const due = this.heartbeatIntervalMs * (1 - BEAT_JITTER + 2 * BEAT_JITTER * Math.random())
    this.beatIn(due)
    try {
      const { kind } = await calls.mutation(api.workers.heartbeat, { credentials, seq: this.seq })
      if (kind === 'online' || kind === 'recovered') await this.ready()
    } catch (error: unknown) {
      if (error instanceof RefusalError) this.end()
    }
  }
}
