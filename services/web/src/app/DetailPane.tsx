import type { ReactNode } from 'react'
import { BackToFleet } from '../fleet/BackToFleet'
import { PageTitle } from './PageTitle'

interface Props {
  /** For the tab, and for screen readers' list of landmarks. */
  name: string
  /** What stands above its sections, if that is more than its name. */
  heading?: string
  /** Below the heading, in a sentence or two. */
  note?: ReactNode
  children: ReactNode
}

/** A page beside the fleet: its heading, the way back, and its sections below each other. */
export function DetailPane({ name, heading = name, note, children }: Props) {
  return (
    <main aria-label={name} className="min-w-0 flex-1 overflow-y-auto">
      <PageTitle name={name} />
      <div className="mx-auto flex max-w-detail flex-col gap-6 p-4">
        <div className="flex flex-col gap-1">
          <BackToFleet />
          <h1 className="text-title font-semibold wrap-anywhere">{heading}</h1>
          {note !== undefined && <p className="text-muted">{note}</p>}
        </div>
        {children}
      </div>
    </main>
  )
}
