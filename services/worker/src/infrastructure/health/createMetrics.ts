import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { transitions } from '../../domain/workerState'
import type { WorkerHealth } from './WorkerHealth'

export interface Metrics {
  contentType: string
  /** The metrics in Prometheus's text format, as they are now. */
  text: () => Promise<string>
}

/**
 * The metrics of one worker and its process, in a registry of their own. To be called once a process: some of Node's own
 * are observed from then on. A gauge whose value is not known is there without a sample.
 */
export function createMetrics(health: () => WorkerHealth): Metrics {
  const registers = [new Registry()] as const
  const [registry] = registers
  const gauge = (name: string, help: string) => {
    const made = new Gauge({ name, help, registers: [...registers] })
    return (value: number | undefined) => (value === undefined ? made.remove() : made.set(value))
  }
  const state = new Gauge({
    name: 'rollcall_worker_state',
    help: 'State of the worker: 1 for the present one, 0 for the others.',
    labelNames: ['state'] as const,
    registers: [...registers],
  })
  const epoch = gauge('rollcall_worker_epoch', 'Epoch of the incarnation.')
  const fenced = gauge('rollcall_worker_fenced', '1 while the lease is lost and no new work is taken.')
  const beatAge = gauge(
    'rollcall_worker_heartbeat_age_seconds',
    'Time since the last acknowledged heartbeat was sent.',
  )
  const beats = new Counter({
    name: 'rollcall_worker_heartbeats_total',
    help: 'Heartbeats by what came of them: acknowledged, the code of a refusal, unreachable, notRollcall, failed.',
    labelNames: ['outcome'] as const,
    registers: [...registers],
  })
  const answers = gauge('rollcall_worker_answers_running', 'Answers that are being given.')
  const isUp = gauge('rollcall_opencode_up', '1 while opencode runs.')
  const processes = gauge('rollcall_opencode_processes', 'Processes of opencode and of all that it started.')
  const resident = gauge(
    'rollcall_opencode_resident_bytes',
    'Resident memory of these processes, shared pages counted in each.',
  )
  collectDefaultMetrics({ register: registry })

  const update = () => {
    const now = health()
    const usage = now.opencode?.processes()
    for (const name of Object.keys(transitions)) state.set({ state: name }, Number(now.state.name === name))
    epoch(now.epoch)
    fenced(Number(now.isFenced))
    beatAge(now.beatAgeMs === undefined ? undefined : now.beatAgeMs / 1000)
    beats.reset()
    for (const [outcome, count] of now.beats) beats.inc({ outcome }, count)
    answers(now.answersRunning)
    isUp(Number(now.opencode !== undefined))
    processes(usage?.count)
    resident(usage?.residentBytes)
  }
  return {
    contentType: registry.contentType,
    text: () => {
      update()
      return registry.metrics()
    },
  }
}
