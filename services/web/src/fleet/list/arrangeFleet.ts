import { describeWorker } from '../../presence/describeWorker'
import type { StatusWord } from '../../presence/marks'
import { compareNames, troubleOf } from '../../presence/troubleFirst'
import type { MachineView, WorkerView } from '../../presence/WorkerView'
import { compareTrouble } from '../../presence/worstStatus'
import type { FleetItem } from './FleetItem'
import { isNarrowed, type FleetView, type Order } from './FleetView'

/** What is folded or open among the lines, by their keys and by machine. */
export interface Folds {
  folded: ReadonlySet<string>
  /** Machines to which a worker is being added. */
  adding: ReadonlySet<string>
}

interface Row {
  worker: WorkerView
  word: StatusWord
  trouble: number
}

interface Section {
  machine: MachineView
  rows: Row[]
  trouble: number
  changedAt: number
}

/** The lines of the fleet in their order. While it is narrowed, what matches is open, and what has no match is left out. */
export function arrangeFleet(machines: readonly MachineView[], view: FleetView, folds: Folds): FleetItem[] {
  const sections = machines.map((machine) => sectionOf(machine, view))
  return view.group === 'machine' ? byMachine(sections, view, folds) : byStatus(sections, view, folds)
}

function sectionOf(machine: MachineView, view: FleetView): Section {
  const rows = machine.workers.map((worker) => {
    const { word, tone } = describeWorker(worker)
    return { worker, word, trouble: troubleOf(tone) }
  })
  const shown = rows.filter((row) => isShown(row, machine, view))
  return {
    machine,
    rows: shown.sort((a, b) => compareRows(a, b, view.order)),
    trouble: Math.min(troubleOf('grey'), ...rows.map(({ trouble }) => trouble)),
    changedAt: Math.max(0, ...rows.map(({ worker }) => worker.statusChangedAt)),
  }
}

function isShown({ worker, word }: Row, { name }: MachineView, { find, status }: FleetView): boolean {
  if (status !== undefined && word !== status) return false
  const { hostname = '', directory = '' } = worker.process ?? {}
  const text = `${worker.name} ${name} ${hostname} ${directory}`.toLowerCase()
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((wanted) => text.includes(wanted))
}

function compareRows(a: Row, b: Row, order: Order): number {
  const first = {
    trouble: a.trouble - b.trouble,
    change: b.worker.statusChangedAt - a.worker.statusChangedAt,
    name: 0,
  }
  return first[order] || compareNames(a.worker.name, b.worker.name)
}

function compareSections(a: Section, b: Section, order: Order): number {
  const first = { trouble: a.trouble - b.trouble, change: b.changedAt - a.changedAt, name: 0 }
  return first[order] || compareNames(a.machine.name, b.machine.name)
}

function byMachine(sections: Section[], view: FleetView, { folded, adding }: Folds): FleetItem[] {
  const isPart = isNarrowed(view)
  return sections
    .filter(({ machine, rows }) => !isPart || rows.length > 0 || adding.has(machine.id))
    .sort((a, b) => compareSections(a, b, view.order))
    .flatMap(({ machine, rows }) => {
      const key = `machine ${machine.id}`
      const isOpen = isPart || !folded.has(key)
      const isAdding = adding.has(machine.id)
      const isEmpty = machine.workers.length === 0 && !isAdding
      const items: FleetItem[] = [{ kind: 'machine', key, machine, isOpen }]
      if (isAdding) items.push(addingTo(machine))
      if (isOpen && isEmpty) items.push({ kind: 'none', key: `none ${machine.id}`, machine })
      if (isOpen)
        items.push(...rows.map(({ worker }) => ({ kind: 'worker' as const, key: worker.id, worker })))
      return items
    })
}

/** By its key it stays what it is wherever it stands: it may show a token that is shown this once. */
function addingTo(machine: MachineView): FleetItem {
  return { kind: 'adding', key: `adding ${machine.id}`, machine }
}

function byStatus(sections: Section[], view: FleetView, { folded, adding }: Folds): FleetItem[] {
  const forms = sections
    .filter(({ machine }) => adding.has(machine.id))
    .map(({ machine }) => addingTo(machine))
  const rows = sections
    .flatMap(({ machine, rows }) => rows.map((row) => ({ ...row, of: machine.name })))
    .sort((a, b) => compareRows(a, b, view.order))
  const words = [...new Set(rows.map(({ word }) => word))].sort(compareTrouble)
  const lines = words.flatMap((word) => {
    const key = `status ${word}`
    const isOpen = isNarrowed(view) || !folded.has(key)
    const ofWord = rows.filter((row) => row.word === word)
    return [
      { kind: 'status' as const, key, word, count: ofWord.length, isOpen },
      ...(isOpen
        ? ofWord.map(({ worker, of }) => ({ kind: 'worker' as const, key: worker.id, worker, of }))
        : []),
    ]
  })
  return [...forms, ...lines]
}
