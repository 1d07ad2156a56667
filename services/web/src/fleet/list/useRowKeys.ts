import { useEffect, useRef, type RefObject } from 'react'
import type { FleetItem } from './FleetItem'
import { focusIn } from './rowFocus'

interface Options {
  list: RefObject<HTMLElement | null>
  items: readonly FleetItem[]
  onToggle: (key: string) => void
  scrollTo: (index: number) => void
}

/**
 * Up, Down, Home and End go from line to line of a list whose lines have `data-index`; Left folds a section, Right opens
 * it. What is written into a field is left alone.
 */
export function useRowKeys({ list, items, onToggle, scrollTo }: Options): void {
  /** A line that is not in the document yet gets the focus when it is. */
  const awaited = useRef<number | undefined>(undefined)
  const lineAt = (index: number) => list.current?.querySelector(`[data-index="${index}"]`)
  useEffect(() => {
    if (awaited.current === undefined) return
    const element = focusIn(lineAt(awaited.current))
    if (element === null) return
    awaited.current = undefined
    element.focus()
  })

  const goTo = (index: number) => {
    if (index < 0) return
    scrollTo(index)
    const element = focusIn(lineAt(index))
    if (element === null) awaited.current = index
    else element.focus({ preventScroll: true })
  }
  const firstFrom = (from: number) => items.findIndex((item, index) => index >= from && isReached(item))
  const lastUpTo = (from: number) => items.findLastIndex((item, index) => index <= from && isReached(item))

  const onKeyDown = (event: KeyboardEvent) => {
    const line = event.target instanceof Element ? event.target.closest('[data-index]') : null
    const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea')
    if (line === null || isTyping || event.altKey || event.ctrlKey || event.metaKey) return
    const at = Number(line.getAttribute('data-index'))
    const item = items[at]
    const steps: Partial<Record<string, () => void>> = {
      ArrowDown: () => goTo(firstFrom(at + 1)),
      ArrowUp: () => goTo(lastUpTo(at - 1)),
      Home: () => goTo(firstFrom(0)),
      End: () => goTo(lastUpTo(items.length - 1)),
      ArrowLeft: () => item && isSectionThat(item, true) && onToggle(item.key),
      ArrowRight: () => item && isSectionThat(item, false) && onToggle(item.key),
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    step()
  }
  useEffect(() => {
    const element = list.current
    element?.addEventListener('keydown', onKeyDown)
    return () => element?.removeEventListener('keydown', onKeyDown)
  })
}

/** Forms and notes are reached by Tab. */
function isReached({ kind }: FleetItem): boolean {
  return kind === 'machine' || kind === 'status' || kind === 'worker'
}

function isSectionThat(item: FleetItem, isOpen: boolean): boolean {
  return (item.kind === 'machine' || item.kind === 'status') && item.isOpen === isOpen
}
