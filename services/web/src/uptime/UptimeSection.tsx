import { MINUTE } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { figuresOf } from './figures'
import { FigureList } from './FigureList'
import { PeriodLine } from './PeriodLine'
import { lastMonth, periods } from './periods'
import { useUptime } from './useUptime'

/** How a worker has been over a day, a week and a month, one below the other, and how its runs ended. */
export function UptimeSection({ workerId }: { workerId: Id<'workers'> }) {
  const uptime = useUptime(workerId, lastMonth, MINUTE)
  if (uptime?.days.length === 0) return null
  return (
    <section aria-labelledby="uptime" className="flex flex-col gap-3">
      <h2 id="uptime" className="font-semibold">
        Uptime
      </h2>
      <ul className="flex flex-col gap-2">
        {periods.map((period) => (
          <PeriodLine key={period.name} period={period} uptime={uptime} />
        ))}
      </ul>
      {uptime && <FigureList figures={figuresOf(uptime.days, uptime.now)} />}
    </section>
  )
}
