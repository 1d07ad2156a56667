import { defaultSettings, DAY, MINUTE, SECOND } from '../contract'
import { alerting } from '../contract/alerts'
import { limits } from '../contract/limits'
import { chat, LOST, sum, type Cost, type Costs, type Sizes } from './measuredCosts'

/** What a fleet costs a Convex deployment in a month of thirty days, from what its operations cost one by one. */

/** Of an ordinary day, besides the default settings and the sizes in `measuredCosts`. */
const assumptions = {
  /** A worker ends by a crash, and starts again, so often a day. */
  crashes: 1,
  /** One in so many workers is lost, and comes back, once a day. */
  oneLostOf: 100,
  /** A worker gives so many answers a day, each looked at by its person. */
  answers: 5,
  /** One person looks at so many workers, and has the page open for so many hours a day. */
  workersPerPage: 100,
  hoursOpen: 8,
  scrapeEveryMs: 30 * SECOND,
} as const

const DAYS = 30
const CRON_MS = 2 * MINUTE

interface Flow {
  what: 'heartbeats' | 'starts and ends' | 'sweeps and alerts' | 'chats' | 'pages' | 'scrapes'
  perDay: number
  cost: Cost
}

function flowsOf(workers: number, costs: Costs): Flow[] {
  const { heartbeatIntervalMs, staleThresholdMs } = defaultSettings
  const { crashes, oneLostOf, answers, workersPerPage, hoursOpen, scrapeEveryMs } = assumptions
  const pages = Math.max(1, workers / workersPerPage) * (hoursOpen / 24)
  /** At most: the next one comes when the oldest of the heartbeats that this one saw is stale. */
  const sweeps = DAY / (staleThresholdMs - heartbeatIntervalMs) + DAY / CRON_MS
  const starts = workers * crashes
  const lost = workers / oneLostOf
  const answered = workers * answers
  /** A machine is on one page at a time. */
  const isSeen = hoursOpen / 24
  const subscribing = costs.ownViews
  return [
    { what: 'heartbeats', perDay: (workers * DAY) / heartbeatIntervalMs, cost: costs.heartbeat },
    { what: 'starts and ends', perDay: starts, cost: sum([costs.crash, costs.start, subscribing]) },
    // The worker's document changes once more when it is ready, and all that it follows is read again.
    { what: 'starts and ends', perDay: starts + lost, cost: subscribing },
    { what: 'starts and ends', perDay: lost, cost: sum([costs.recovery, subscribing, costs.ready]) },
    { what: 'sweeps and alerts', perDay: sweeps, cost: costs.idleSweep },
    { what: 'sweeps and alerts', perDay: lost, cost: each(LOST, costs.findingSweep, costs.idleSweep) },
    {
      what: 'sweeps and alerts',
      perDay: Math.min(2 * (starts + lost), DAY / alerting.delayMs),
      cost: costs.judgement,
    },
    { what: 'chats', perDay: answered, cost: costs.answer },
    // Claimed and ended: the worker counts what it does.
    { what: 'chats', perDay: answered * 2, cost: subscribing },
    // Asked, claimed, told in appends, ended.
    { what: 'chats', perDay: answered * (chat.appends + 3), cost: costs.chatView },
    { what: 'chats', perDay: answered * 3, cost: sum([costs.sessionView, costs.workerView]) },
    { what: 'pages', perDay: sweeps * pages, cost: costs.detectorView },
    // Crashed, started, ready; and both ends of an answer.
    { what: 'pages', perDay: (3 * (starts + lost) + 2 * answered) * isSeen, cost: costs.machineView },
    { what: 'scrapes', perDay: DAY / scrapeEveryMs, cost: costs.scrape },
  ]
}

/** What one of `count` adds to an operation that does without them. */
function each(count: number, withAll: Cost, without: Cost): Cost {
  const of = (key: keyof Cost) => (withAll[key] - without[key]) / count
  return {
    ...{ calls: 0, read: of('read'), written: of('written') },
    bytes: of('bytes'),
    scheduled: of('scheduled'),
  }
}

export interface FleetCost {
  calls: number
  callsBy: Record<Flow['what'], number>
  bytes: number
  bytesBy: Record<Flow['what'], number>
  mutationsPerSecond: number
  storedBytes: number
  /** Of workers and open pages. */
  sockets: number
}

/** Calls and bytes of a month; what is stored when nothing more becomes old enough to be deleted. */
export function fleetCost(workers: number, costs: Costs, sizes: Sizes): FleetCost {
  const none = {
    ...{ heartbeats: 0, 'starts and ends': 0, 'sweeps and alerts': 0 },
    ...{ chats: 0, pages: 0, scrapes: 0 },
  }
  const callsBy = { ...none }
  const bytesBy = { ...none }
  for (const { what, perDay, cost } of flowsOf(workers, costs)) {
    callsBy[what] += perDay * DAYS * cost.calls
    bytesBy[what] += perDay * DAYS * cost.bytes
  }
  const total = (by: typeof none) => Object.values(by).reduce((sum, one) => sum + one, 0)
  return {
    calls: total(callsBy),
    callsBy,
    bytes: total(bytesBy),
    bytesBy,
    mutationsPerSecond: workers / (defaultSettings.heartbeatIntervalMs / SECOND),
    storedBytes: workers * storedPerWorker(sizes),
    sockets: workers + Math.max(1, workers / assumptions.workersPerPage),
  }
}

function storedPerWorker({ worker, uptimeDay, event, message }: Sizes): number {
  const { crashes, answers } = assumptions
  const { eventRetentionMs, chatRetentionMs } = defaultSettings
  return (
    worker +
    uptimeDay * (limits.uptimeDays + 1) +
    event * 2 * crashes * (eventRetentionMs / DAY) +
    message * answers * (chatRetentionMs / DAY)
  )
}

/** A number as a person remembers it: two digits of it. */
export function roughly(number: number): string {
  return new Intl.NumberFormat('en-US', {
    ...{ notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 2 },
  }).format(number)
}

/** In gigabytes of a thousand million, as Convex prices them. */
export function gigabytes(bytes: number): string {
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 }).format(bytes / 1e9)
}
