import { api } from '@rollcall/backend/api'
import { DAY, errorOf } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { useQueries, type RequestForQueries } from 'convex/react'
import { useMemo } from 'react'
import { useIsTimeTold } from '../detector/useDetector'
import { lengthOf, type Period } from './periods'
import type { UptimeDay } from './stepsOf'
import { useKnownTime } from './useKnownTime'

export interface Uptime {
  days: UptimeDay[]
  /** Up to when it is to be shown, ms since 1970: so that what the worker is now is seen, however short it was so. */
  now: number
}

/**
 * How a worker has been for a period up to now, anew with each transition and each `unit` (ms); undefined while it is awaited.
 * What the backend refuses is awaited too: a page that slept for days asks for days that are too old before it knows the time.
 */
export function useUptime(workerId: Id<'workers'>, period: Period, unit: number): Uptime | undefined {
  const isTimeTold = useIsTimeTold()
  const now = useKnownTime(unit)
  const fromDay = Math.floor(now / DAY) - Math.ceil(lengthOf(period) / DAY)
  const queries = useMemo((): RequestForQueries => {
    const uptime = { query: api.workerHistory.uptime, args: { workerId, fromDay } }
    return isTimeTold ? { uptime } : {}
  }, [isTimeTold, workerId, fromDay])
  const { uptime: result } = useQueries(queries) as { uptime?: UptimeDay[] | Error }
  if (result instanceof Error && errorOf(result) === undefined) throw result
  const days = result instanceof Error ? undefined : result
  return useMemo(
    () => days && { days, now: Math.max(now, ...days.map(({ until }) => until)) + 1 },
    [days, now],
  )
}
