import type { Period } from './periods'
import { stepsOf, sumOf } from './stepsOf'
import { Strip } from './Strip'
import { stripWords, troubleWords, uptimePercent } from './uptimeWords'
import type { Uptime } from './useUptime'

/** One period of a worker on its page: its strip, the share of it that the worker was there, and what went wrong in words. */
export function PeriodLine({ period, uptime }: { period: Period; uptime: Uptime | undefined }) {
  const steps = uptime ? stepsOf(uptime.days, period, uptime.now) : []
  const spent = sumOf(steps)
  const trouble = troubleWords(spent)
  return (
    <li className="grid grid-cols-[4.5rem_minmax(0,1fr)_4rem] items-end gap-x-3 gap-y-1 sm:grid-cols-[6.25rem_minmax(0,1fr)_4rem]">
      <span className="text-muted">{period.name}</span>
      <span className="flex h-7 items-end pb-1">
        {uptime && (
          <Strip steps={steps} height={24} label={stripWords(period.name, steps)} className="w-full" />
        )}
      </span>
      <span className="text-right tabular-nums">{uptime && uptimePercent(spent)}</span>
      {trouble !== '' && <span className="col-start-2 text-small text-muted">{trouble}</span>}
    </li>
  )
}
