import { holds, type Detection } from '../detection/Detection'
import type { DiskTimes } from '../load/measureDisk'
import type { LoadResult } from '../load/runLoad'
import type { Startup } from '../startup/measureStartup'
import { statisticsOf } from './statistics'
import type { Table } from './Table'
import { formatCount, formatMs } from './words'

const times = (samples: readonly number[]): string[] => {
  if (samples.length === 0) return ['0', '', '', '']
  const { n, min, median, p99 } = statisticsOf(samples)
  return [String(n), ...[min, median, p99].map(formatMs)]
}

export function detectionTable(detections: readonly Detection[]): Table {
  return {
    title: 'Detection: until a subscribed client sees it',
    rows: [
      ['what happens', 'counted from', 'runs', 'min', 'median', 'p99', 'promised', 'holds'],
      ...detections.map((detection) => {
        const { what, since, samples, promisedMs, faults } = detection
        const verdict = holds(detection) ? 'yes' : ['no', ...new Set(faults)].join('; ')
        return [what, since, ...times(samples), formatMs(promisedMs), verdict]
      }),
    ],
  }
}

export function startupTable(startups: readonly Startup[]): Table {
  return {
    title: 'Start-up: from the command to the log line',
    rows: [
      ['command', 'line', 'runs', 'min', 'median', 'p99'],
      ...startups.flatMap(({ what, backendReady, workerReady }) => [
        [what, '`backend.ready`', ...times(backendReady)],
        [what, '`worker.ready`', ...times(workerReady)],
      ]),
    ],
  }
}

export function loadTable({ workers, pages, seconds, ...figures }: LoadResult): Table {
  const { beatsPerSecond, beats, failures, p50Ms, p99Ms, longestMs, longestAtFirstMs } = figures
  const { falseOffline, sweepOverdueMs, sweeps, residentMiB, updatesOfPages, disk } = figures
  const latency = (times: DiskTimes) =>
    `p50 ${formatMs(times.p50Ms)}, p99 ${formatMs(times.p99Ms)}, longest ${formatMs(times.longestMs)}`
  return {
    title: 'Throughput of the embedded backend',
    rows: [
      ['', ''],
      ['fleet', `${formatCount(workers)} workers, ${pages} pages, ${seconds} s`],
      ['heartbeats', `${formatCount(beats)}, ${beatsPerSecond.toFixed(0)} a second, ${failures} failed`],
      ['latency', latency({ p50Ms, p99Ms, longestMs })],
      ['the disk alone', latency(disk)],
      ['while pages open', `longest ${formatMs(longestAtFirstMs)}`],
      ['sweeps', `${sweeps}, overdue by at most ${sweepOverdueMs.toFixed(0)} ms`],
      ['falsely offline', String(falseOffline)],
      ['memory', residentMiB === undefined ? 'not known here' : `${residentMiB.toFixed(0)} MiB`],
      ['pages told again', String(updatesOfPages)],
    ],
  }
}
