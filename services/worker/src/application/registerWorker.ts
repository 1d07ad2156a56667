import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { backoffMs } from '../domain/backoff'
import type { StopRequest } from '../domain/stopRequest'
import type { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { Described, Registered } from '../infrastructure/convex/backendTypes'
import { describeFailure, type Failure } from '../infrastructure/convex/reply'
import { withinTime } from '../withinTime'

/** How long one attempt may take, and how often a failing one is spoken of. Milliseconds. */
const ATTEMPT_MS = 10_000
const SAY_EVERY_MS = 60_000

/** A registration that was sent when the worker is told to stop is waited for this long: it may have come through. */
export const IN_FLIGHT_GRACE_MS = 1_000

const retries = { firstMs: 500, maxMs: 15_000 }

export type RegistrationOutcome =
  | { kind: 'registered'; registered: Registered }
  | { kind: 'stop'; request: StopRequest }
  | { kind: 'stopped' }

export interface RegistrationOptions {
  gateway: BackendGateway
  url: string
  described: Described
  /** Whether this process has been registered before: a URL that answered as a backend once is not called another thing. */
  isKnown: boolean
  /** Ends the waiting at once, and an attempt under way after `IN_FLIGHT_GRACE_MS`. */
  signal: AbortSignal
  logger: Logger
}

/** Opens an incarnation, however long the backend cannot be reached. Never rejects. */
export async function registerWorker(options: RegistrationOptions): Promise<RegistrationOutcome> {
  const { gateway, described, signal, logger, url } = options
  let saidAt: number | undefined
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const reply = await gateway.register(described, inFlight(signal))
    if (reply.kind === 'ok') return { kind: 'registered', registered: reply.value }
    const request = stopFor(reply, options)
    if (request) return { kind: 'stop', request }
    const now = performance.now()
    if (saidAt === undefined || now - saidAt >= SAY_EVERY_MS) {
      saidAt = now
      logger.warn(
        { event: 'backend.unreachable', url, attempt, reason: describeFailure(reply) },
        `the backend at ${url} cannot be reached (${describeFailure(reply)}); trying again until it can`,
      )
    }
    await wait(backoffMs(attempt, retries), undefined, { signal }).catch(() => undefined)
  }
  return { kind: 'stopped' }
}

function inFlight(signal: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abortSoon = () => setTimeout(() => controller.abort(), IN_FLIGHT_GRACE_MS).unref()
  signal.addEventListener('abort', abortSoon, { once: true })
  return withinTime(ATTEMPT_MS, controller.signal)
}

/** What a failure means for the process, or undefined if it may pass. */
function stopFor(failure: Failure, { url, isKnown }: RegistrationOptions): StopRequest | undefined {
  switch (failure.kind) {
    case 'refused':
      return failure.refusal.code === 'WORKER_REVOKED'
        ? { kind: 'revoked' }
        : { kind: 'refused', message: failure.refusal.message }
    case 'notRollcall':
      return isKnown
        ? undefined
        : { kind: 'refused', message: `CONVEX_URL (${url}) is not a Rollcall backend: ${failure.reason}.` }
    case 'unreachable':
    case 'failed':
      return undefined
    default:
      return failure satisfies never
  }
}
