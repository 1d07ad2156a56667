import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import { useCallback, useRef, type RefObject } from 'react'
import type { FleetItem } from './FleetItem'
import { FleetLine } from './FleetLine'
import { useHeight } from './useHeight'
import { useRowKeys } from './useRowKeys'

/** Pixels, until a line has been measured. */
const ROW = 36
const GAP_ABOVE_SECTION = 16

/** Lines that are there beyond what is seen, so that Tab and a quick scroll find some. */
const BEYOND = 12

interface Props {
  items: readonly FleetItem[]
  isNarrow: boolean
  /** What scrolls. */
  scrolled: RefObject<HTMLElement | null>
  /** What stands above the list in it. */
  above: RefObject<HTMLElement | null>
  onToggle: (key: string) => void
  onAdding: (machineId: string, isAdding: boolean) => void
}

/**
 * The lines of the fleet, of which only those that are seen are in the document, and those with a form, whose content must
 * not get lost. Arrow keys, Home and End go from line to line.
 */
export function FleetList({ items, isNarrow, scrolled, above, onToggle, onAdding }: Props) {
  const list = useRef<HTMLUListElement>(null)
  const scrollMargin = useHeight(above)
  const withForms = useCallback(
    (range: Range) => {
      const forms = items.flatMap(({ kind }, index) => (kind === 'adding' ? [index] : []))
      return [...new Set([...defaultRangeExtractor(range), ...forms])].sort((a, b) => a - b)
    },
    [items],
  )
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrolled.current,
    estimateSize: (index) => (isSection(items[index]) ? ROW + GAP_ABOVE_SECTION : ROW),
    getItemKey: (index) => items[index]?.key ?? index,
    rangeExtractor: withForms,
    overscan: BEYOND,
    scrollMargin,
  })
  useRowKeys({
    list,
    items,
    onToggle,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
  })
  return (
    <ul
      ref={list}
      aria-label="Machines and workers"
      className="relative"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const item = items[index]
        return (
          item && (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={items.length}
              className={`absolute inset-x-0 top-0 ${isSection(item) && index > 0 ? 'pt-4' : ''}`}
              style={{ transform: `translateY(${start - scrollMargin}px)` }}
            >
              <FleetLine item={item} isNarrow={isNarrow} onToggle={onToggle} onAdding={onAdding} />
            </li>
          )
        )
      })}
    </ul>
  )
}

function isSection(item: FleetItem | undefined): boolean {
  return item?.kind === 'machine' || item?.kind === 'status'
}
