import { randomUUID } from 'node:crypto'
import type { CallSource } from '../types'

/** What `ctx.meta.getRequestMetadata()` answers (convex 1.48); one for a call and all that it calls. */
export interface RequestMetadata extends CallSource {
  requestId: string
  /** Of the `_scheduled_functions` document that is run, if one is. */
  scheduledFunctionId: string | null
}

const nowhere: CallSource = { ip: null, userAgent: null, authToken: null }

/** A new request, with an id of its own; `source` is absent for what the backend does by itself. */
export function requestFrom(
  source: CallSource = nowhere,
  scheduledFunctionId: string | null = null,
): RequestMetadata {
  return { ...source, requestId: randomUUID(), scheduledFunctionId }
}
