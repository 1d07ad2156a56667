import { HALF_HOUR } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { memo } from 'react'
import { lastDay } from './periods'
import { stepsOf, sumOf } from './stepsOf'
import { Strip } from './Strip'
import { stripWords, uptimePercent } from './uptimeWords'
import { useUptime, type Uptime } from './useUptime'

/**
 * The last 24 hours of a worker in a line of the fleet, with the share of them that it was there. Keeps its place while it has
 * nothing to show. What it shows is made anew when the worker changes and when a half hour begins, whoever renders it.
 */
export function WorkerStrip({ workerId, className = '' }: { workerId: Id<'workers'>; className?: string }) {
  const uptime = useUptime(workerId, lastDay, HALF_HOUR)
  const isKnown = uptime !== undefined && uptime.days.length > 0
  return (
    <span className={`flex h-4 w-44 shrink-0 items-center gap-2 ${className}`}>
      {isKnown && <Shown uptime={uptime} />}
    </span>
  )
}

const Shown = memo(function Shown({ uptime: { days, now } }: { uptime: Uptime }) {
  const steps = stepsOf(days, lastDay, now)
  return (
    <>
      <Strip steps={steps} height={16} label={stripWords(lastDay.name, steps)} className="w-30" />
      <span aria-hidden="true" className="flex-1 text-right text-small text-muted tabular-nums">
        {uptimePercent(sumOf(steps))}
      </span>
    </>
  )
})
