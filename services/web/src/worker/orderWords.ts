import type { api } from '@rollcall/backend/api'
import type { FunctionArgs } from 'convex/server'
import type { WorkerView } from '../presence/WorkerView'

export type Order = FunctionArgs<typeof api.workerCommands.order>['command']

const orders: Record<Order['kind'], { name: string; does: string; after: string }> = {
  stop: { name: 'Stop', does: 'stops', after: 'Start it again on its machine.' },
  restart: { name: 'Restart', does: 'restarts', after: 'It comes back by itself.' },
}

/** What an order does to the answers that are being given, and what has to be done after it. */
export function warningFor({ kind, when }: Order, running: number): string {
  const { does, after } = orders[kind]
  if (running === 0) return `Nothing is being answered. ${after}`
  const [chats, they] = running === 1 ? ['1 chat is', 'it is'] : [`${running} chats are`, 'they are']
  const end =
    when === 'idle' ? `it ${does} when ${they} done` : `${they} interrupted, what was written is kept`
  return `${chats} being answered; ${end}. ${after}`
}

/** The button that begins an order, and the one that gives it. */
export function orderName({ kind, when }: Order): { action: string; confirm: string } {
  const { name } = orders[kind]
  return { action: name, confirm: when === 'idle' ? `${name} when done` : `${name} now` }
}

/** `when its 2 answers are done`. */
export function whenDone(running: number): string {
  return running === 1 ? 'when its answer is done' : `when its ${running} answers are done`
}

/** An order that waits: `Stops when its 2 answers are done, asked by ada@example.com`. */
export function waitingWords(
  { kind, when, by }: NonNullable<WorkerView['command']>,
  running: number,
): string {
  const what = kind === 'stop' ? 'Stops' : 'Restarts'
  return `${what} ${when === 'idle' && running > 0 ? whenDone(running) : 'now'}, asked by ${by}`
}
