import { useEffect, useId, useRef } from 'react'
import { groups, orders, type FleetView, type Group, type Order } from './FleetView'
import { useChangeView, useFleetView } from './useFleetView'

const groupWords: Record<Group, string> = { machine: 'by machine', status: 'by status' }
const orderWords: Record<Order, string> = {
  trouble: 'trouble first',
  name: 'by name',
  change: 'last change first',
}

/** Finds, groups and sorts. `/` leads to the field from anywhere. */
export function FleetControls() {
  const view = useFleetView()
  const change = useChangeView()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <search className="flex flex-wrap items-center gap-2">
      <input
        ref={field}
        type="search"
        aria-label="Find workers"
        aria-keyshortcuts="/"
        placeholder="Find by name or machine"
        value={view.find}
        onChange={(event) => change({ find: event.target.value })}
        className="h-7 w-56 min-w-0 rounded-md border border-line-strong bg-surface px-2 max-sm:w-full"
      />
      <Choice
        label="Group"
        words={groupWords}
        options={groups}
        value={view.group}
        onChange={(group) => change({ group })}
      />
      <Choice
        label="Sort"
        words={orderWords}
        options={orders}
        value={view.order}
        onChange={(order) => change({ order })}
      />
    </search>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  options: readonly T[]
  words: Record<T, string>
  value: FleetView['group' | 'order'] & T
  onChange: (chosen: T) => void
}

function Choice<T extends Group | Order>({ label, options, words, value, onChange }: ChoiceProps<T>) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
        className="h-7 min-w-0 rounded-md border border-line-strong bg-surface px-1.5"
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {words[option]}
          </option>
        ))}
      </select>
    </>
  )
}
