import type { Doubt, StatusWord } from '../presence/marks'

/** A status as a title says it: one worker's, or how many workers have it. */
export interface ToldStatus {
  word: StatusWord
  count?: number
  doubt: Doubt
}

/**
 * What the browser's tab is called: the name of what is looked at, then one status, then Rollcall. The status is the
 * worker's on the page of a worker and in its chats, and the worst of the fleet everywhere else, so that trouble is seen in a tab in the
 * background; on the fleet's own page it comes first. Under a doubt, the doubt comes before the status.
 *
 * "1 crashed · Rollcall", "api — busy · Rollcall", "Account — last known: 1 crashed · Rollcall"
 */
export function titleWords(name: string | undefined, status: ToldStatus | undefined): string {
  const told = [name, status && statusWords(status)].filter((part) => part !== undefined)
  return told.length === 0 ? 'Rollcall' : `${told.join(' — ')} · Rollcall`
}

function statusWords({ word, count, doubt }: ToldStatus): string {
  const words = count === undefined ? word : `${count} ${word}`
  return doubt === 'none' ? words : `${doubt}: ${words}`
}
