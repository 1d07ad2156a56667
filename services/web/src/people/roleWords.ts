import type { MachineView } from '../presence/WorkerView'

export type SharedRole = Exclude<MachineView['role'], 'owner'>

/** What somebody who does not own a machine may do there: in a list, in a choice, and what it means for owner and guest. */
export const roleWords: Record<
  SharedRole,
  { may: string; choice: string; forOwner: string; forGuest: string }
> = {
  viewer: {
    may: 'may look',
    choice: 'may look',
    forOwner: 'They see its workers and what happens to them, and cannot give them work.',
    forGuest: 'You may look at its workers and what happens to them, but not give them work.',
  },
  operator: {
    may: 'may chat',
    choice: 'may chat and stop',
    forOwner:
      'They can give its workers work, which may run commands on this machine, and stop what they asked for.',
    forGuest:
      'You may chat with its workers and stop what you asked them for. Nobody else is shown your chats.',
  },
}
