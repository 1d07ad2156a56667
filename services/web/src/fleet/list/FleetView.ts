import { statusWords, type StatusWord } from '../../presence/marks'

/** What of the fleet is shown, and how it is laid out. */
export interface FleetView {
  /** Words that a worker's name, machine, host or directory has to contain, all of them. */
  find: string
  status: StatusWord | undefined
  group: Group
  order: Order
}

export const groups = ['machine', 'status'] as const
export type Group = (typeof groups)[number]

/** `trouble`: red before amber before the rest, then by name; `change`: whose status changed last comes first. */
export const orders = ['trouble', 'name', 'change'] as const
export type Order = (typeof orders)[number]

export const everything: FleetView = { find: '', status: undefined, group: 'machine', order: 'trouble' }

/** The view that an address asks for by its query; what it does not say, or says wrongly, is as usual. */
export function parseView(search: string): FleetView {
  const asked = new URLSearchParams(search)
  return {
    find: asked.get('find') ?? '',
    status: statusWords.find((word) => word === asked.get('status')),
    group: groups.find((group) => group === asked.get('group')) ?? everything.group,
    order: orders.find((order) => order === asked.get('order')) ?? everything.order,
  }
}

/** The address of the fleet in this view: `/`, `/?status=crashed`. */
export function addressOf({ find, status, group, order }: FleetView): string {
  const asked = new URLSearchParams()
  if (find !== '') asked.set('find', find)
  if (status !== undefined) asked.set('status', status)
  if (group !== everything.group) asked.set('group', group)
  if (order !== everything.order) asked.set('order', order)
  return asked.size === 0 ? '/' : `/?${asked.toString()}`
}

/** Whether only a part of the fleet is shown. */
export function isNarrowed({ find, status }: FleetView): boolean {
  return find.trim() !== '' || status !== undefined
}
