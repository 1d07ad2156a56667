import { cronJobs } from 'convex/server'
import { internal } from './_generated/api'

const crons = cronJobs()

/** The safety net under the sweeps that schedule themselves (`model/sweepSchedule.ts`). */
crons.interval('detect stale workers', { minutes: 2 }, internal.cleanupTasks.detectStaleWorkers)

/** What is too old is deleted, in steps that schedule each other (`model/retention.ts`). */
crons.interval('delete what is too old', { hours: 24 }, internal.cleanupTasks.applyRetention)

export default crons
