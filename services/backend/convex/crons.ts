import { cronJobs } from 'convex/server'
import { internal } from './_generated/api'

const crons = cronJobs()

/** The safety net under the sweeps that schedule themselves (`model/sweepSchedule.ts`). */
crons.interval('detect stale workers', { minutes: 2 }, internal.cleanupTasks.detectStaleWorkers)

export default crons
