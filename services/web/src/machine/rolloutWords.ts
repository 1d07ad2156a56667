import type { api } from '@rollcall/backend/api'
import type { FunctionArgs } from 'convex/server'
import type { MachineView } from '../presence/WorkerView'

export type MachineOrder = Omit<FunctionArgs<typeof api.workerCommands.orderMachine>, 'machineId'>

type Rollout = NonNullable<MachineView['rollout']>

/** What is going on, or where it halted: `Restarting one by one: api now, 2 to go; asked by ada@example.com`. */
export function rolloutWords({ command, by, waiting, state }: Rollout, name: string): string {
  const isHalted = state === 'halted'
  const others = `${waiting} ${isHalted ? 'not told' : 'to go'}`
  const rest = waiting === 0 ? '' : `, ${others}`
  if (isHalted) {
    const didNot = command.kind === 'stop' ? 'it did not stop in time' : 'it did not come back in time'
    return `Halted at ${name}: ${didNot}${rest}`
  }
  const doing = command.kind === 'stop' ? 'Stopping' : 'Restarting'
  return `${doing} one by one: ${name} now${rest}; asked by ${by}`
}

/** What an order to all of a machine's workers does: how many there are, and to the answers that are being given. */
export function warningForAll({ command, oneByOne }: MachineOrder, online: number, running: number): string {
  const workers = online === 1 ? '1 worker' : `${online} workers`
  const pace = oneByOne ? ', each when the one before is done' : ' at once'
  const after =
    command.kind === 'stop' ? 'Start them again on their machine.' : 'They come back by themselves.'
  const end = command.when === 'idle' ? 'are waited for' : 'are interrupted, what was written is kept'
  const chats = running === 0 ? 'Nothing is being answered.' : `${running} running answers ${end}.`
  return `${workers}${pace}. ${chats.replace(/^1 running answers are/, '1 running answer is')} ${after}`
}
