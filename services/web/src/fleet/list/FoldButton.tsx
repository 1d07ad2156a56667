import type { ReactNode } from 'react'
import { ROW_FOCUS } from './rowFocus'

/** The heading of what is below it; opens and folds that. */
export function FoldButton({
  isOpen,
  onToggle,
  children,
}: {
  isOpen: boolean
  onToggle: () => void
  children: ReactNode
}) {
  return (
    <h2 className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="flex max-w-full items-center gap-2 rounded-md font-semibold"
        {...ROW_FOCUS}
      >
        <svg
          viewBox="0 0 12 12"
          className="size-3 shrink-0 text-muted"
          fill="currentColor"
          aria-hidden="true"
        >
          <path d={isOpen ? 'M1.5 3.5h9L6 9.5z' : 'M3.5 1.5v9l6-4.5z'} />
        </svg>
        <span className="flex min-w-0 items-center gap-2 truncate">{children}</span>
      </button>
    </h2>
  )
}
