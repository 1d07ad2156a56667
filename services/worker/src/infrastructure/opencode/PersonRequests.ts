import type { Event, OpencodeClient, PermissionRequest, QuestionRequest } from '@opencode-ai/sdk/v2'
import type { Logger } from 'pino'
import { toError } from '../../errors'
import { StandingPermissions, type AskedPermission } from './StandingPermissions'
import type { PersonReply, PersonRequest } from './types'

const requestMs = 10_000
const goOn = 'Go on without it, or say what you would have needed.'
const refused = `This was refused. ${goOn}`
const nobody = `Nobody can be asked here. ${goOn}`

type OpenRequest = { sessionId: string } & (
  { kind: 'permission'; asked: AskedPermission } | { kind: 'question' }
)

/**
 * What opencode asks a person, from the asking to the reply. An unanswered question blocks its session for ever, even across an
 * abort: so what belongs to no running prompt is refused at once, and what its prompt leaves open when it ends.
 */
export class PersonRequests {
  /** Of what waits for a reply: the session that it was asked in. */
  private readonly open = new Map<string, OpenRequest>()
  private readonly standing = new StandingPermissions()
  /** Sessions that opencode opened under another one, for its own helpers. */
  private readonly parents = new Map<string, string>()

  constructor(
    private readonly client: OpencodeClient,
    /** Puts a request before the person of the session's prompt. Answers whether there is one. */
    private readonly ask: (sessionId: string, request: PersonRequest) => boolean,
    private readonly logger: Logger,
  ) {}

  hear(event: Event): void {
    if (event.type === 'session.created') {
      const { id, parentID } = event.properties.info
      if (parentID !== undefined) this.parents.set(id, parentID)
    } else if (event.type === 'permission.asked') {
      this.takePermission(event.properties)
    } else if (event.type === 'question.asked') {
      this.takeQuestion(event.properties)
    } else if (isReplied(event)) this.open.delete(event.properties.requestID)
  }

  /** Whether something that was asked in this session, or under it, waits for its reply. */
  isOpen(sessionId: string): boolean {
    return [...this.open.values()].some((asked) => this.rootOf(asked.sessionId) === sessionId)
  }

  /**
   * Puts what was asked while no events were heard before its person; what was put before is put again, and forgotten if it was
   * replied to meanwhile.
   */
  catchUp(): void {
    const limit = { signal: AbortSignal.timeout(requestMs) }
    this.run(async () => {
      const known = this.openOf('permission')
      const { data } = await this.client.permission.list(undefined, limit)
      if (data) this.forget(known, data)
      for (const asked of data ?? []) this.takePermission(asked)
    })
    this.run(async () => {
      const known = this.openOf('question')
      const { data } = await this.client.question.list(undefined, limit)
      if (data) this.forget(known, data)
      for (const asked of data ?? []) this.takeQuestion(asked)
    })
  }

  /** Gives opencode the reply. Does nothing if it does not ask any more. Never rejects. */
  async reply(key: string, reply: PersonReply, why = refused): Promise<void> {
    const asked = this.open.get(key)
    if (asked === undefined) return
    this.open.delete(key)
    const limit = { signal: AbortSignal.timeout(requestMs) }
    try {
      if (asked.kind === 'permission') {
        if (reply.kind === 'always') this.standing.grant(this.rootOf(asked.sessionId), asked.asked)
        await this.replyToPermission(key, reply, why, limit)
      } else if (reply.kind === 'answers') {
        await this.client.question.reply({ requestID: key, answers: reply.answers }, limit)
      } else await this.client.question.reject({ requestID: key }, limit)
    } catch (error: unknown) {
      this.logger.warn(
        { event: 'opencode.reply-failed', key, err: error },
        'A question of opencode stays open',
      )
    }
  }

  /** Other rules hold in this session from now on: what was allowed for the rest of it is to be asked again. */
  forgetStanding(sessionId: string): void {
    this.standing.forget(sessionId)
  }

  /** Refuses what a prompt has left open in its session, and under it. */
  refuseOf(sessionId: string): void {
    for (const [key, asked] of this.open) {
      if (this.rootOf(asked.sessionId) === sessionId) this.run(() => this.reply(key, { kind: 'reject' }))
    }
  }

  private openOf(kind: PersonRequest['what']['kind']): string[] {
    return [...this.open].flatMap(([key, asked]) => (asked.kind === kind ? [key] : []))
  }

  private forget(known: string[], stillOpen: readonly { id: string }[]): void {
    const listed = new Set(stillOpen.map(({ id }) => id))
    for (const key of known) if (!listed.has(key)) this.open.delete(key)
  }

  private takePermission(asked: PermissionRequest): void {
    const { id, sessionID: sessionId } = asked
    this.open.set(id, { kind: 'permission', sessionId, asked })
    if (this.standing.covers(this.rootOf(sessionId), asked)) {
      this.run(() => this.reply(id, { kind: 'once' }))
    } else this.put(sessionId, permissionOf(asked))
  }

  private takeQuestion(asked: QuestionRequest): void {
    this.open.set(asked.id, { kind: 'question', sessionId: asked.sessionID })
    this.put(asked.sessionID, questionOf(asked))
  }

  private put(sessionId: string, request: PersonRequest): void {
    if (this.ask(this.rootOf(sessionId), request)) return
    this.logger.warn({ event: 'opencode.request-refused', key: request.key }, nobody)
    this.run(() => this.reply(request.key, { kind: 'reject' }, nobody))
  }

  private rootOf(sessionId: string): string {
    let root = sessionId
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root))
      root = parent
    return root
  }

  private async replyToPermission(
    requestID: string,
    reply: PersonReply,
    why: string,
    limit: { signal: AbortSignal },
  ): Promise<void> {
    const isAllowed = reply.kind === 'once' || reply.kind === 'always'
    const given = isAllowed ? { reply: 'once' as const } : { reply: 'reject' as const, message: why }
    await this.client.permission.reply({ requestID, ...given }, limit)
  }

  private run(work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.logger.warn({ err: toError(error) }, 'What opencode asks cannot be read'),
    )
  }
}

function permissionOf({ id, permission, patterns }: PermissionRequest): PersonRequest {
  return { key: id, what: { kind: 'permission', permission, patterns } }
}

function questionOf({ id, questions }: QuestionRequest): PersonRequest {
  return {
    key: id,
    what: {
      kind: 'question',
      questions: questions.map(({ header, question, options, multiple }) => ({
        ...{ header, question, mayChooseSeveral: multiple === true },
        options: options.map(({ label, description }) => ({ label, description })),
      })),
    },
  }
}

type Replied = Extract<Event, { type: 'permission.replied' | 'question.replied' | 'question.rejected' }>

function isReplied(event: Event): event is Replied {
  return ['permission.replied', 'question.replied', 'question.rejected'].includes(event.type)
}
