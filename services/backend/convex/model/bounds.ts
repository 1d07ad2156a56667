/**
 * What validators cannot say: whole numbers (`v.number()` takes NaN and the infinities, which compare with nothing and make a
 * rule silently false) and sizes, so that no caller makes a document too large to be read.
 */
import type { PaginationOptions } from 'convex/server'
import { limits } from '../../contract/limits'
import { refusal } from './errors'

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
  // Not in the middle of a character.
  return `${text.slice(0, limits.evidenceLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Throws `ARGUMENT_INVALID` for a page that is empty or larger than the largest list. */
export function pageOf<Options extends PaginationOptions>(options: Options): Options {
  whole('paginationOpts.numItems', options.numItems, { least: 1, most: limits.pageSize })
  return options
}
