import type { Event, OpencodeClient } from '@opencode-ai/sdk/v2'
import type { Logger } from 'pino'
import { settledWithin } from '../../settledWithin'
import { describeEnd } from './describeEnd'
import { OpencodeRequestError } from './errors'
import { EventFeed } from './EventFeed'
import type { GuardedProcess } from './GuardedProcess'
import { PersonRequests } from './PersonRequests'
import { policyRules } from './policyRules'
import { PromptRun } from './PromptRun'
import { setSessionRules } from './setSessionRules'
import { oneLine, statusOf } from './startFailure'
import type {
  Opencode,
  OpencodeModel,
  PersonReply,
  ProcessEnd,
  ProcessUsage,
  PromptLimits,
  PromptOptions,
  PromptOutcome,
} from './types'

const defaultStopMs = 8_000
const requestMs = 10_000
/** A connection that breaks is the first to tell of opencode's end; how much later its guard may say so. */
const deathNoticeMs = 1_000

/** What the server needs to know of its process. */
type Guarded = Pick<GuardedProcess, 'dead' | 'gone' | 'isStopping' | 'processes' | 'stop'>

/** A running opencode: turns its HTTP API and its event stream into sessions and prompts. Made by `startOpencode` only. */
export class OpencodeServer implements Opencode {
  readonly version: string
  readonly died: Promise<ProcessEnd>
  readonly exited: Promise<ProcessEnd>

  private readonly client: OpencodeClient
  private readonly guarded: Guarded
  private readonly logger: Logger
  private readonly limits: PromptLimits
  private readonly feed: EventFeed
  private readonly requests: PersonRequests
  /** The running prompts by their session. */
  private readonly runs = new Map<string, PromptRun>()
  private stopped: Promise<void> | undefined

  constructor(parts: {
    version: string
    client: OpencodeClient
    guarded: Guarded
    logger: Logger
    limits?: PromptLimits | undefined
  }) {
    this.version = parts.version
    this.client = parts.client
    this.guarded = parts.guarded
    this.logger = parts.logger
    this.limits = parts.limits ?? {}
    this.requests = new PersonRequests(
      parts.client,
      (sessionId, request) => this.runs.get(sessionId)?.ask(request) ?? false,
      parts.logger,
    )
    this.feed = new EventFeed(
      parts.client,
      { onEvent: (event) => this.route(event), onGap: () => this.catchUp() },
      parts.logger,
    )
    this.died = new Promise((resolve) => {
      void this.guarded.dead.then((end) => {
        if (this.guarded.isStopping) return
        const cause = `opencode ended unexpectedly (${describeEnd(end)}) while it was answering.`
        this.endRuns({ kind: 'interrupted', cause })
        resolve(end)
      })
    })
    this.exited = this.died.then(async (end) => {
      await this.feed.close()
      await this.guarded.gone
      return end
    })
  }

  async listModels(): Promise<OpencodeModel[]> {
    const { providers } = await request('list its models', () =>
      this.client.config.providers(undefined, limit()),
    )
    return providers.flatMap((provider) =>
      Object.values(provider.models).map((model) => ({
        id: `${provider.id}/${model.id}`,
        name: model.name,
      })),
    )
  }

  async createSession(options: { title: string }): Promise<{ id: string }> {
    const session = await request('open a session', () =>
      this.client.session.create({ title: options.title }, limit()),
    )
    return { id: session.id }
  }

  async sessionExists(id: string): Promise<boolean> {
    // opencode answers 500 to an id that is not in its own form.
    if (!id.startsWith('ses')) return false
    return request('look a session up', async () => {
      const result = await this.client.session.get({ sessionID: id }, limit())
      return statusOf(result) === 404 ? { data: false } : { ...result, data: result.data && true }
    })
  }

  async prompt(options: PromptOptions): Promise<PromptOutcome> {
    if (this.runs.has(options.sessionId)) return { kind: 'failed', cause: 'The session is still answering.' }
    if (this.stopped) return { kind: 'aborted' }
    const { sessionId: id, model, policy } = options
    const run = new PromptRun(this.client, options, this.logger, this.limits, () => this.requests.isOpen(id))
    this.runs.set(options.sessionId, run)
    try {
      await Promise.race([this.feed.whenConnected(), run.outcome])
      const rules = await setSessionRules(this.client, { id, model }, policyRules(policy))
      if (rules.kind === 'changed') this.requests.forgetStanding(id)
      await run.send()
      return await run.outcome
    } catch (error: unknown) {
      this.logger.error({ err: error }, 'A prompt failed')
      await settledWithin(this.died, deathNoticeMs)
      const why = `opencode could not be talked to: ${oneLine(error)}`
      run.end({ kind: 'failed', cause: error instanceof OpencodeRequestError ? error.message : why })
      return await run.outcome
    } finally {
      this.runs.delete(options.sessionId)
      this.requests.refuseOf(options.sessionId)
    }
  }

  reply(key: string, reply: PersonReply): Promise<void> {
    return this.requests.reply(key, reply)
  }

  async abort(sessionId: string): Promise<void> {
    try {
      await request('abort a session', () => this.client.session.abort({ sessionID: sessionId }, limit()))
    } catch (error: unknown) {
      this.logger.debug({ err: error, sessionId }, 'An abort was not answered')
    }
  }

  processes(): ProcessUsage | undefined {
    return this.guarded.processes()
  }

  stop(options: { deadlineMs?: number | undefined } = {}): Promise<void> {
    return (this.stopped ??= (async () => {
      const ended = this.guarded.stop(options.deadlineMs ?? defaultStopMs)
      this.endRuns({ kind: 'aborted' })
      await this.feed.close()
      await ended
    })())
  }

  private route(event: Event): void {
    this.requests.hear(event)
    const properties = event.properties as { sessionID?: string }
    if (properties.sessionID !== undefined) this.runs.get(properties.sessionID)?.hear(event)
  }

  private catchUp(): void {
    for (const run of this.runs.values()) run.hearGap()
    this.requests.catchUp()
  }

  private endRuns(outcome: PromptOutcome): void {
    for (const run of this.runs.values()) run.end(outcome)
  }
}

function limit(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(requestMs) }
}

/** Makes both ways in which the SDK reports a failure, a value and an exception, into `OpencodeRequestError`. */
async function request<T>(
  action: string,
  send: () => Promise<{ data?: T | undefined; error?: unknown }>,
): Promise<T> {
  const result = await send().catch((error: unknown) => ({ data: undefined, error }))
  if (result.data !== undefined) return result.data
  throw new OpencodeRequestError(`opencode could not ${action}: ${oneLine(result.error)}`, {
    cause: result.error,
  })
}
