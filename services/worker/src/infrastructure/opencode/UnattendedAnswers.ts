import type { Event, OpencodeClient } from '@opencode-ai/sdk/v2'
import type { Logger } from 'pino'

const requestMs = 10_000
const refusal = 'Nobody can be asked here. Go on without it, or say what you would have needed.'

/**
 * Answers what opencode asks a person when there is nobody to ask: no. An unanswered question blocks its session for ever,
 * even across an abort.
 */
export class UnattendedAnswers {
  constructor(
    private readonly client: OpencodeClient,
    private readonly logger: Logger,
  ) {}

  hear(event: Event): void {
    if (event.type === 'permission.asked') this.refusePermission(event.properties.id)
    else if (event.type === 'question.asked') this.refuseQuestion(event.properties.id)
  }

  /** Answers what was asked while no events were heard. */
  catchUp(): void {
    const limit = { signal: AbortSignal.timeout(requestMs) }
    this.run(async () => {
      const { data } = await this.client.permission.list(undefined, limit)
      for (const { id } of data ?? []) this.refusePermission(id)
    })
    this.run(async () => {
      const { data } = await this.client.question.list(undefined, limit)
      for (const { id } of data ?? []) this.refuseQuestion(id)
    })
  }

  private refusePermission(requestID: string): void {
    this.logger.warn(
      { event: 'opencode.permission-refused', requestID },
      'Refused a permission nobody can give',
    )
    const limit = { signal: AbortSignal.timeout(requestMs) }
    this.run(() => this.client.permission.reply({ requestID, reply: 'reject', message: refusal }, limit))
  }

  private refuseQuestion(requestID: string): void {
    this.logger.warn(
      { event: 'opencode.question-refused', requestID },
      'Refused a question nobody can answer',
    )
    const limit = { signal: AbortSignal.timeout(requestMs) }
    this.run(() => this.client.question.reject({ requestID }, limit))
  }

  private run(request: () => Promise<unknown>): void {
    request().catch((error: unknown) => this.logger.warn({ err: error }, 'A question of opencode stays open'))
  }
}
