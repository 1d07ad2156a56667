import type { WorkerHealth } from './WorkerHealth'

/** What `/healthz` answers, in JSON. Milliseconds and bytes, both whole. Every field is named here, so that nothing slips in. */
export function healthDocument(health: WorkerHealth) {
  const { workerId, epoch, state, isFenced, beatAgeMs, shutdown, history, opencode, versions } = health
  return {
    workerId,
    epoch: epoch ?? null,
    state: state.name,
    fenced: isFenced,
    /** Since the last acknowledged beat; null before the first registration. */
    lease: beatAgeMs === undefined ? null : Math.round(beatAgeMs),
    shutdown: shutdown
      ? {
          cause: shutdown.cause,
          hangingSteps: shutdown.hangingSteps,
          deadlineInMs: Math.round(shutdown.deadlineInMs),
        }
      : null,
    history: history.map(({ from, to, at }) => ({ from, to, at: new Date(at).toISOString() })),
    opencode: opencode ? opencodeDocument(opencode) : null,
    /** The worker itself. */
    memory: { residentBytes: process.memoryUsage.rss() },
    versions,
  }
}

/** The counts are null where the platform does not tell them. */
function opencodeDocument(opencode: NonNullable<WorkerHealth['opencode']>) {
  const usage = opencode.processes()
  return {
    version: opencode.version,
    processes: usage?.count ?? null,
    residentBytes: usage?.residentBytes ?? null,
  }
}
