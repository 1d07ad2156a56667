import { useId } from 'react'
import type { Figure } from './figures'
import { lastMonth } from './periods'

/** How the worker's runs ended. */
export function FigureList({ figures }: { figures: readonly Figure[] }) {
  const id = useId()
  if (figures.length === 0) return null
  return (
    <div className="flex flex-col gap-1">
      <p id={id} className="text-small text-muted">
        In the last {lastMonth.name}
      </p>
      <dl aria-labelledby={id} className="grid grid-cols-[7rem_minmax(0,1fr)] gap-y-1">
        {figures.map(([term, value]) => (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
