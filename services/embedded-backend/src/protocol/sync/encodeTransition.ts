import { Answer } from '../../engine/Answer'
import type { SubscribedRun } from '../Calls'
import type { ComputedTransition, StateVersion } from './LiveQueries'
import { encodeTimestamp } from './timestamp'

/**
 * A transition as the sync socket carries it. Put together from texts: the answers, which may be megabytes for a page that opens, are
 * never parsed here. `clockSkew`: how many milliseconds the client's clock is ahead, if it said so.
 */
export function encodeTransition(
  { start, end, modifications }: ComputedTransition,
  clockSkew: number | undefined,
): string {
  const rest = {
    startVersion: toWire(start),
    endVersion: toWire(end),
    ...(clockSkew === undefined ? {} : { clientClockSkew: clockSkew }),
    serverTs: Date.now() * 1_000_000,
  }
  return `{"type":"Transition","modifications":[${modifications.join(',')}],${JSON.stringify(rest).slice(1)}`
}

/** The part of a transition that tells one query's answer. */
export function encodeAnswer(queryId: number, { outcome, journal }: SubscribedRun): string {
  const { logLines } = outcome
  if (outcome instanceof Answer) {
    const rest = { logLines, journal }
    return `{"type":"QueryUpdated","queryId":${queryId},"value":${outcome.json},${JSON.stringify(rest).slice(1)}`
  }
  const { errorMessage, errorData } = outcome
  return JSON.stringify({ type: 'QueryFailed', queryId, errorMessage, errorData, logLines, journal })
}

export function encodeRemoval(queryId: number): string {
  return JSON.stringify({ type: 'QueryRemoved', queryId })
}

function toWire({ querySet, ts, identity }: StateVersion) {
  return { querySet, ts: encodeTimestamp(ts), identity }
}
