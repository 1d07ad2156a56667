import type { ReactNode } from 'react'

/** Nothing here yet, and the one next step. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex max-w-prose flex-col gap-3 rounded-lg border border-dashed border-line-strong px-4 py-5">
      <p className="font-semibold">{title}</p>
      {children}
    </div>
  )
}
