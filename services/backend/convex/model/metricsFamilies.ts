/** What `/metrics` tells, from what is kept. Every label has the words of the schema as its values, and each of them a sample. */
import type { Doc } from '../_generated/dataModel'
import {
  detectedReasons,
  detectionBounds,
  graceCauses,
  offlineReasons,
  outcomes,
  phases,
  restReasons,
  type Series,
} from './metricsSeries'
import { histogram, type Family, type Sample } from './metricsText'

type Sweeps = Pick<Doc<'sweepState'>, 'lastRunAt' | 'nextRunAt' | 'idleRuns'>

/** `now` and the times of `sweeps` in ms since 1970; `sweeps` is null before the first worker came online. */
export function metricFamilies(
  counts: Readonly<Record<string, number>>,
  sweeps: Sweeps | null,
  now: number,
): Family[] {
  const count = (series: Series) => counts[series] ?? 0
  return [...workerFamilies(count), ...detectionFamilies(count), ...sweepFamilies(count, sweeps, now)].concat(
    chatFamilies(count),
  )
}

type Count = (series: Series) => number

function workerFamilies(count: Count): Family[] {
  const standing = (status: string, phase: string, reason: string, value: number): Sample => ({
    labels: { status, phase, reason },
    value,
  })
  const transition = (kind: string, reason: string, value: number): Sample => ({
    labels: { kind, reason },
    value,
  })
  return [
    gauge(
      'rollcall_workers',
      'Workers that were not revoked, by status; phase says what one does that is online, reason why one is offline.',
      [
        ...phases.map((phase) => standing('online', phase, 'none', count(`workers.online.${phase}`))),
        ...restReasons.map((reason) =>
          standing('offline', 'none', reason, count(`workers.offline.${reason}`)),
        ),
        standing('pending', 'none', 'none', count('workers.pending')),
      ],
    ),
    gauge('rollcall_workers_unstable', 'Workers that crash or are lost again and again.', [
      { value: count('unstable') },
    ]),
    counter('rollcall_transitions_total', 'Changes of a status, by what a worker became and why.', [
      ...(['online', 'recovered'] as const).map((kind) =>
        transition(kind, 'none', count(`transitions.${kind}`)),
      ),
      ...offlineReasons.map((reason) =>
        transition('offline', reason, count(`transitions.offline.${reason}`)),
      ),
    ]),
    counter('rollcall_hung_ends_total', 'Workers that their supervisor ended because they did not answer.', [
      { value: count('ends.hung') },
    ]),
    counter(
      'rollcall_unfinished_drains_total',
      'Workers that ended while they drained, by their watchdog or by force.',
      [{ value: count('ends.draining') }],
    ),
  ]
}

function detectionFamilies(count: Count): Family[] {
  const samples = detectedReasons.flatMap((reason) =>
    histogram(
      { reason },
      {
        bounds: detectionBounds,
        counts: [...detectionBounds, 'beyond' as const].map((bound) => count(`detected.${reason}.${bound}`)),
        sum: count(`detected.${reason}.ms`) / 1_000,
      },
    ),
  )
  const help =
    'From the death of a worker until it was offline: for crashes as its supervisor measured it, for stale ones from the last heartbeat.'
  return [{ name: 'rollcall_detection_latency_seconds', type: 'histogram', help, samples }]
}

function sweepFamilies(count: Count, sweeps: Sweeps | null, now: number): Family[] {
  const due = sweeps?.nextRunAt ?? now
  return [
    counter(
      'rollcall_sweeps_total',
      'Sweeps by what came of them: nobody to mark, workers marked, or a grace for all and its cause.',
      [
        { labels: { outcome: 'idle' }, value: sweeps?.idleRuns ?? 0 },
        ...(['marked', ...graceCauses] as const).map((outcome) => ({
          labels: { outcome },
          value: count(`sweeps.${outcome}`),
        })),
      ],
    ),
    counter('rollcall_sweep_marked_workers_total', 'Workers that sweeps marked offline.', [
      { value: count('sweeps.workers') },
    ]),
    gauge(
      'rollcall_sweep_last_run_timestamp_seconds',
      'When the last sweep ran; without a sample before the first.',
      sweeps ? [{ value: sweeps.lastRunAt / 1_000 }] : [],
    ),
    gauge(
      'rollcall_sweep_overdue_seconds',
      'Since when the next sweep should have run; 0 while it is not due.',
      [{ value: Math.max(0, now - due) / 1_000 }],
    ),
  ]
}

function chatFamilies(count: Count): Family[] {
  return [
    gauge('rollcall_sessions_active', 'Chats that a worker holds open.', [
      { value: count('sessions.active') },
    ]),
    gauge('rollcall_answers_queued', 'Answers that no worker has begun.', [
      { value: count('answers.queued') },
    ]),
    counter(
      'rollcall_answers_total',
      'Answers that ended, by how.',
      outcomes.map((outcome) => ({ labels: { outcome }, value: count(`answers.${outcome}`) })),
    ),
  ]
}

function gauge(name: string, help: string, samples: Sample[]): Family {
  return { name, type: 'gauge', help, samples }
}

function counter(name: string, help: string, samples: Sample[]): Family {
  return { name, type: 'counter', help, samples }
}
