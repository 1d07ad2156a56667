/**
 * Who is online. Owns: `workers.status` and everything that changes with it (machine, liveness, events, uptime,
 * interrupted answers), always in one transaction. Only the server's clock is used. Must not be bypassed: nothing else writes a status.
 */
import type { Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { askForJudgement } from './alertWatch'
import { livenessOf, type Lease, type OpenWorker } from './access'
import { interruptAnswers } from './interruption'
import { refreshMachineStatus } from './machineStatus'
import { countFailure } from './flapping'
import { Tally } from './metricsTally'
import { continueRollout } from './rollouts'
import { armSweep } from './sweepSchedule'
import { recordOffline, recordOnline } from './uptime'
import type { incarnation, noticedBy, offlineEvidence, offlineReason } from './validators'

type CameOnline = Exclude<Doc<'workerEvents'>['what'], { kind: 'offline' }>

/**
 * Opens the next incarnation and puts the worker online if it is approved. What an earlier incarnation left open is
 * superseded. A repeated call with the same key (its answer was lost) answers the epoch it opened before. `secretHash` is that
 * of the secret it came with: with the present one, the worker has switched, and the former one is worth nothing.
 */
export async function openIncarnation(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  secretHash: string,
  described: Omit<Infer<typeof incarnation>, 'registeredAt' | 'closedAt'>,
): Promise<number> {
  const known = worker.incarnation
  if (known?.key === described.key && known.closedAt === undefined) return worker.epoch
  const now = Date.now()
  const tally = new Tally()
  const superseded = { reason: 'superseded' as const, noticedBy: 'backend' as const, evidence: {} }
  const before = worker.status === 'online' ? await endOnline(ctx, worker, superseded, tally) : worker
  const epoch = worker.epoch + 1
  await ctx.db.patch('workers', worker._id, {
    epoch,
    incarnation: { ...described, registeredAt: now },
    ...(secretHash === worker.secretHash && { formerSecret: undefined }),
  })
  const liveness = await livenessOf(ctx, worker._id)
  await ctx.db.patch('liveness', liveness._id, { lastHeartbeatAt: now, seq: 0 })
  if (worker.approval === 'approved') {
    await markOnline(ctx, before, { epoch, secretHash }, { kind: 'online' }, liveness, tally)
  }
  await tally.write(ctx, worker._id)
  return epoch
}

/**
 * Takes a sign of life. A `seq` that is not higher than the last one is ignored. An approved worker that is not online
 * comes online by it: for the first time in this incarnation after its approval, or back from staleness (`recovered`).
 * While the lease runs this reads and writes one document.
 */
export async function beat(
  ctx: MutationCtx,
  lease: Lease,
  seq: number,
): Promise<'counted' | 'repeated' | 'online' | 'recovered'> {
  const { liveness } = lease
  if (seq <= liveness.seq) return 'repeated'
  const now = Date.now()
  await ctx.db.patch('liveness', liveness._id, { lastHeartbeatAt: now, seq })
  if (lease.kind === 'running') return 'counted'
  const { worker } = lease
  if (worker.approval !== 'approved') return 'counted'
  const wasLost =
    worker.offline?.reason === 'stale' && worker.statusChangedAt >= worker.incarnation.registeredAt
  const event: CameOnline = wasLost
    ? { kind: 'recovered', gapMs: now - liveness.lastHeartbeatAt }
    : { kind: 'online' }
  const { epoch } = worker
  const tally = new Tally()
  await markOnline(ctx, worker, { epoch, secretHash: lease.secretHash }, event, liveness, tally)
  await tally.write(ctx, worker._id)
  return event.kind
}

async function markOnline(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  lease: { epoch: number; secretHash: string },
  event: CameOnline,
  liveness: Doc<'liveness'>,
  tally: Tally,
): Promise<void> {
  const now = Date.now()
  const online = {
    ...{ status: 'online' as const, statusChangedAt: now, phase: 'starting' as const, phaseChangedAt: now },
    ...{ offline: undefined, runningPrompts: 0 },
  }
  await ctx.db.patch('workers', worker._id, online)
  tally.cameOnline(worker, { ...worker, ...online }, event.kind)
  await ctx.db.patch('liveness', liveness._id, { online: true, lease })
  await refreshMachineStatus(ctx, worker.machineId, now)
  await ctx.db.insert('workerEvents', {
    workerId: worker._id,
    epoch: lease.epoch,
    at: now,
    noticedBy: 'worker',
    what: event,
  })
  await recordOnline(ctx, worker._id, now)
  await armSweep(ctx, liveness)
  await askForJudgement(ctx)
}

interface Known {
  reason: Infer<typeof offlineReason>
  noticedBy: Infer<typeof noticedBy>
  evidence: Infer<typeof offlineEvidence>
}

/**
 * Takes an online worker offline, with what was known. Must be called only for a worker whose status is online. Answers
 * that were being written are closed here or in a scheduled continuation.
 */
export async function markOffline(ctx: MutationCtx, worker: Doc<'workers'>, known: Known): Promise<void> {
  const tally = new Tally()
  await endOnline(ctx, worker, known, tally)
  await tally.write(ctx, worker._id)
}

/**
 * `markOffline` as a part of more that is counted at once: the caller writes the tally. Answers the worker as it is then. `given`: its
 * liveness document, if it was read already.
 */
export async function endOnline(
  ctx: MutationCtx,
  worker: Doc<'workers'>,
  known: Known,
  tally: Tally,
  given?: Doc<'liveness'>,
): Promise<Doc<'workers'>> {
  const now = Date.now()
  const liveness = given ?? (await livenessOf(ctx, worker._id))
  const { reason, evidence } = known
  const offline = { reason, evidence, lastHeartbeatAt: liveness.lastHeartbeatAt }
  const changed = {
    status: 'offline' as const,
    statusChangedAt: now,
    phase: undefined,
    phaseChangedAt: undefined,
    drain: undefined,
    // A silence is not the end of the incarnation that was told.
    ...(reason !== 'stale' && { command: undefined }),
    runningPrompts: 0,
    offline,
    ...((reason === 'crashed' || reason === 'stale') &&
      (await countFailure(ctx, worker, { at: now, reason, evidence }))),
  }
  await ctx.db.patch('workers', worker._id, changed)
  await ctx.db.patch('liveness', liveness._id, { online: false, lease: undefined })
  const machine = await refreshMachineStatus(ctx, worker.machineId, now)
  await ctx.db.insert('workerEvents', {
    workerId: worker._id,
    epoch: worker.epoch,
    at: now,
    noticedBy: known.noticedBy,
    what: { kind: 'offline', ...offline },
  })
  const { lastHeartbeatAt } = liveness
  const { noticedAfterMs } = evidence
  const end = { at: now, reason, lastHeartbeatAt, noticedAfterMs }
  await recordOffline(ctx, worker._id, end)
  await interruptAnswers(ctx, worker._id, worker.epoch, tally)
  if (machine) await continueRollout(ctx, machine, worker, 'offline')
  // Once for all that end in this transaction.
  if (!tally.hasEnd) await askForJudgement(ctx)
  const after: Doc<'workers'> = { ...worker, ...changed }
  tally.wentOffline(worker, after, end)
  return after
}

/**
 * Ends an incarnation for good: whatever of it still arrives is refused with `INCARNATION_CLOSED`. A worker that the sweep
 * had taken offline before keeps that status and its event.
 */
export async function closeIncarnation(
  ctx: MutationCtx,
  worker: OpenWorker,
  known: {
    reason: 'shutdown' | 'crashed'
    noticedBy: Infer<typeof noticedBy>
    evidence: Infer<typeof offlineEvidence>
  },
): Promise<void> {
  await ctx.db.patch('workers', worker._id, {
    incarnation: { ...worker.incarnation, closedAt: Date.now() },
  })
  if (worker.status === 'online') await markOffline(ctx, worker, known)
}
