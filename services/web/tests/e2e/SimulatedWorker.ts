import { api } from '@rollcall/backend/api'
import { parseWorkerToken, type StopCause } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexHttpClient } from 'convex/browser'
import { createHash } from 'node:crypto'
import { vi } from 'vitest'

/** How long what a person does may take to arrive; milliseconds. */
const PATIENCE = 10_000

interface Credentials {
  workerId: string
  secret: string
  epoch: number
}

/** Calls what a worker's process and its supervisor call, with the official client and a real token. */
export class SimulatedWorker {
  private beats = 0

  private constructor(
    private readonly client: ConvexHttpClient,
    readonly credentials: Credentials,
    private readonly witnessKey: string,
  ) {}

  static async register(url: string, token: string, pid = 4711): Promise<SimulatedWorker> {
    const client = new ConvexHttpClient(url)
    const parsed = parseWorkerToken(token)
    if (!parsed) throw new Error('not a worker token')
    const { workerId, secret } = parsed
    const witnessKey = crypto.randomUUID()
    const registered = await client.mutation(api.workers.register, {
      workerId,
      secret,
      hostname: 'build-03.local',
      pid,
      directory: '/home/ada/src/docs',
      versions: { worker: '0.1.0', node: '20.19.0' },
      key: crypto.randomUUID(),
      witnessKeyHash: createHash('sha256').update(witnessKey).digest('hex'),
    })
    if (registered.kind === 'refused') throw new Error(registered.message)
    return new SimulatedWorker(client, { workerId, secret, epoch: registered.epoch }, witnessKey)
  }

  async beat(): Promise<void> {
    this.beats += 1
    await this.client.mutation(api.workers.heartbeat, { credentials: this.credentials, seq: this.beats })
  }

  async ready(models = [{ id: 'scripted/ok', name: 'Scripted' }]): Promise<void> {
    await this.client.mutation(api.workers.ready, {
      credentials: this.credentials,
      opencodeVersion: '1.18.33',
    })
    await this.client.mutation(api.workers.publishModels, { credentials: this.credentials, models })
  }

  async beginDraining(cause: StopCause, deadlineMs = 8000): Promise<void> {
    await this.client.mutation(api.workers.beginDraining, {
      credentials: this.credentials,
      cause,
      deadlineMs,
    })
  }

  async goOffline(reason: 'shutdown' | 'crashed', evidence: Evidence): Promise<void> {
    await this.client.mutation(api.workers.goOffline, { credentials: this.credentials, reason, evidence })
  }

  /** Its supervisor's pings are not answered, or are again. */
  async reportHang(isHung: boolean): Promise<void> {
    await this.client.mutation(api.workers.reportHang, { witness: this.witness, isHung })
  }

  /** Its supervisor saw it end without a leave. */
  async reportExit(known: {
    exitCode?: number
    signal?: string
    message?: string
    restartInMs?: number
  }): Promise<void> {
    await this.client.mutation(api.workers.reportExit, { witness: this.witness, ...known })
  }

  private get witness() {
    const { workerId, epoch } = this.credentials
    return { workerId, epoch, key: this.witnessKey }
  }

  /** What people told it to do; null for nothing. */
  async command() {
    return (await this.client.query(api.workers.self, { credentials: this.credentials })).command
  }

  /** The queued answers that it could claim. */
  async queued() {
    return await this.client.query(api.answers.queued, { credentials: this.credentials })
  }

  /** Claims the oldest queued answer; there must be one soon. */
  async claim(): Promise<Answer> {
    const { messageId } = await vi.waitFor(async () => {
      const [offered] = await this.queued()
      if (!offered) throw new Error('nothing is queued')
      return offered
    }, PATIENCE)
    await this.client.mutation(api.answers.claim, { credentials: this.credentials, messageId })
    return new Answer(this.client, this.credentials, messageId)
  }

  /** What people replied to what was asked of them. */
  async replies() {
    return await this.client.query(api.requests.replies, { credentials: this.credentials })
  }

  /** The answers that their people want to end. */
  async stops(): Promise<Id<'messages'>[]> {
    return await this.client.query(api.answers.stops, { credentials: this.credentials })
  }
}

type Part = (typeof api.answers.putParts)['_args']['parts'][number]
type Request = (typeof api.requests.raise)['_args']['what']
type Usage = (typeof api.answers.complete)['_args']['usage']
type Evidence = (typeof api.workers.goOffline)['_args']['evidence']

/** An answer that is being written. */
export class Answer {
  private appends = 0

  constructor(
    private readonly client: ConvexHttpClient,
    private readonly credentials: Credentials,
    readonly messageId: Id<'messages'>,
  ) {}

  async append(text: string): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.append, { credentials, messageId, index: this.appends, text })
    this.appends += 1
  }

  /** It is given in this session of opencode. */
  async link(opencodeSessionId: string): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.linkSession, { credentials, messageId, opencodeSessionId })
  }

  /** Tells of parts, each in place of what was told of the same `key`. */
  async putParts(...parts: Part[]): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.putParts, { credentials, messageId, parts })
  }

  async noteModelRetry(attempt: number, message: string, inMs: number): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.noteModelRetry, {
      credentials,
      messageId,
      attempt,
      message,
      inMs,
    })
  }

  /** Asks the person of the chat. */
  async raise(key: string, what: Request): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.requests.raise, { credentials, messageId, key, what })
  }

  async complete(usage?: Usage): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.complete, { credentials, messageId, ...(usage && { usage }) })
  }

  async interrupt(cause: string): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.interrupt, { credentials, messageId, cause })
  }

  async fail(cause: string): Promise<void> {
    const { credentials, messageId } = this
    await this.client.mutation(api.answers.fail, { credentials, messageId, cause })
  }
}
