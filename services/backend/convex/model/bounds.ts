/**
 * What validators cannot say: whole numbers (`v.number()` takes NaN and the infinities, which compare with nothing and make a
 * rule silently false) and sizes, so that no caller makes a document too large to be read.
 */
import type { PaginationOptions } from 'convex/server'
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import { refusal } from './errors'
import type { incarnation, offlineEvidence } from './validators'

/** The number itself. Throws `ARGUMENT_INVALID` unless it is a whole one from `least` to `most`. */
export function whole(
  name: string,
  value: number,
  { least = 0, most = Number.MAX_SAFE_INTEGER } = {},
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw refusal('ARGUMENT_INVALID', `${name} must be a whole number ${range}.`)
}

/** The text itself. Throws `ARGUMENT_INVALID` if it is longer than `limits.identifierLength`: an id that is cut is another. */
export function identifier(name: string, text: string): string {
  if (text.length <= limits.identifierLength) return text
  throw refusal('ARGUMENT_INVALID', `${name} must not have more than ${limits.identifierLength} characters.`)
}

/** What is for people to read, cut where it gets too long. */
export function cut(text: string): string {
  if (text.length <= limits.evidenceLength) return text
  return `${shortened(text, limits.evidenceLength - 1)}…`
}

/** Its first `most` UTF-16 code units, not in the middle of a character. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
}

/** Throws `ARGUMENT_INVALID` for a page that is empty or larger than the largest list. */
export function pageOf<Options extends PaginationOptions>(options: Options): Options {
  whole('paginationOpts.numItems', options.numItems, { least: 1, most: limits.pageSize })
  return options
}

/** How a process describes itself, its names cut. Throws `ARGUMENT_INVALID`. */
export function boundedDescription<
  Described extends Omit<Infer<typeof incarnation>, 'registeredAt' | 'closedAt'>,
>(described: Described): Described {
  const { pid, hostname, directory, versions, key, witnessKeyHash } = described
  whole('pid', pid)
  for (const [name, text] of Object.entries({ ...versions, key, witnessKeyHash })) {
    if (text !== undefined) identifier(name, text)
  }
  return { ...described, hostname: cut(hostname), directory: cut(directory) }
}

/** What was known of an end, its message cut. Throws `ARGUMENT_INVALID`. */
export function boundedEvidence(evidence: Infer<typeof offlineEvidence>): Infer<typeof offlineEvidence> {
  const { drainMs, noticedAfterMs, restartInMs, exitCode, signal, message } = evidence
  if (drainMs !== undefined) whole('drainMs', drainMs)
  if (restartInMs !== undefined) whole('restartInMs', restartInMs)
  if (noticedAfterMs !== undefined) whole('noticedAfterMs', noticedAfterMs)
  if (exitCode !== undefined) whole('exitCode', exitCode, { least: -(2 ** 31), most: 2 ** 32 })
  if (signal !== undefined) identifier('signal', signal)
  return { ...evidence, ...(message !== undefined && { message: cut(message) }) }
}
