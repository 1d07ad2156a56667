import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { SECOND } from '@rollcall/backend/contract'
import { withinTime } from '@rollcall/worker/within-time'
import type { Finding } from './Finding'

/** Milliseconds; positive: this computer's clock is ahead of the backend's. */
export type ClockFacts = { kind: 'unknown'; reason: string } | { kind: 'measured'; offsetMs: number }

/** More than the network and a header in whole seconds can make out of equal clocks. */
const NOTICEABLE_MS = 5 * SECOND
const ANSWER_MS = 10 * SECOND

/** Compares the clocks by the `Date` of one answer: to about half a second, and half the way there and back. */
export async function measureClock(url: string, stop: AbortSignal): Promise<ClockFacts> {
  const signal = withinTime(ANSWER_MS, stop)
  const askedAt = Date.now()
  const date = await dateOf(`${url}/version`, signal).catch(() => undefined)
  return date === undefined
    ? { kind: 'unknown', reason: 'the backend does not tell its time' }
    : { kind: 'measured', offsetMs: offsetFrom({ date, askedAt, answeredAt: Date.now() }) }
}

/** `date` is a header's: whole seconds, rounded down. The others in ms since 1970, by this computer's clock. */
export function offsetFrom(times: { date: string; askedAt: number; answeredAt: number }): number {
  const backend = Date.parse(times.date) + SECOND / 2
  return Math.round((times.askedAt + times.answeredAt) / 2 - backend)
}

export function judgeClock(facts: ClockFacts): Finding {
  const check = 'clock'
  if (facts.kind === 'unknown') return { check, state: 'ok', message: `Not compared: ${facts.reason}.` }
  const { offsetMs } = facts
  if (Math.abs(offsetMs) <= NOTICEABLE_MS) {
    return { check, state: 'ok', message: `This clock and the backend’s differ by ${Math.abs(offsetMs)} ms.` }
  }
  const seconds = Math.round(Math.abs(offsetMs) / SECOND)
  return {
    check,
    state: 'warning',
    message: `This clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the backend’s.`,
    cure: 'Statuses are not touched by that, but times in logs are wrong, and sign-ins may be refused: set the clock by the network.',
    command: process.platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'sudo timedatectl set-ntp true',
  }
}

async function dateOf(url: string, signal: AbortSignal): Promise<string | undefined> {
  const request = url.startsWith('https:') ? requestSecure : requestPlain
  return await new Promise((resolve, reject) => {
    request(url, { agent: false, signal }, (response) => {
      response.resume()
      resolve(response.headers.date)
    })
      .on('error', reject)
      .end()
  })
}
