/**
 * How a worker that was started without a token gets in: it shows a code, and somebody who is signed in lets it. The secret is
 * made by the worker and never leaves its machine: only its hash does. The rules are in `model/pairing`.
 */
import { literals } from 'convex-helpers/validators'
import { ConvexError, v, type Infer } from 'convex/values'
import { internal } from './_generated/api'
import type { Id } from './_generated/dataModel'
import { internalMutation, type ActionCtx } from './_generated/server'
import { anybodyAction, anybodyQuery, userAction } from './functions'
import { audit } from './model/audit'
import { pageAddress } from './model/environment'
import { refusal } from './model/errors'
import { createMachine } from './model/machines'
import { cleanName } from './model/names'
import { addPairing, makeCode, pairingOf, waitingWith } from './model/pairing'
import { callerAddress, requireRoom } from './model/rateLimits'
import { machineAs } from './model/roles'
import { joiningHost } from './model/accessValidators'
import { personName, refusalView } from './model/views'
import { createWorker } from './model/workers'

// For the worker

/**
 * A worker wants to join. Answers the code that its person shall type on the page, where that page is (if the deployment
 * knows), and until when the code can be used, in ms since 1970, server time. `secretHash`: SHA-256 of the worker's secret, hex.
 * Throws `ARGUMENT_INVALID`, `RATE_LIMITED`, `LIMIT_REACHED`.
 */
export const start = anybodyAction({
  args: { secretHash: v.string(), host: joiningHost.omit('address') },
  returns: v.object({
    pairingId: v.id('pairings'),
    code: v.string(),
    expiresAt: v.number(),
    page: v.optional(v.string()),
  }),
  handler: async (ctx, { secretHash, host }): Promise<Begun & { code: string; page?: string }> => {
    if (!/^[0-9a-f]{64}$/.test(secretHash)) {
      throw refusal('ARGUMENT_INVALID', 'secretHash must be 64 hex digits.')
    }
    const code = makeCode()
    const begun: Begun = await ctx.runMutation(internal.pairing.insert, { code, secretHash, host })
    const page = pageAddress()
    return { ...begun, code, ...(page !== undefined && { page }) }
  },
})

interface Begun {
  pairingId: Id<'pairings'>
  expiresAt: number
}

/** The database half of `start`. */
export const insert = internalMutation({
  args: { code: v.string(), secretHash: v.string(), host: joiningHost.omit('address') },
  returns: v.object({ pairingId: v.id('pairings'), expiresAt: v.number() }),
  handler: async (ctx, { code, secretHash, host }) => {
    const address = await callerAddress(ctx)
    await requireRoom(ctx, 'pairings', address ?? 'unknown')
    return await addPairing(ctx, {
      code,
      secretHash,
      host: { ...host, ...(address !== undefined && { address }) },
    })
  },
})

/**
 * What became of a worker that wanted to join; asked for by it again and again. `approved` has all that its token needs
 * besides the secret. Throws `NOT_FOUND` for whoever does not know the secret.
 */
export const outcome = anybodyQuery({
  args: { pairingId: v.id('pairings'), secret: v.string() },
  returns: v.union(
    v.object({ kind: literals('waiting', 'expired') }),
    v.object({
      kind: v.literal('approved'),
      machineId: v.id('machines'),
      workerId: v.id('workers'),
      machine: v.string(),
      worker: v.string(),
      by: v.string(),
    }),
    v.object({ kind: v.literal('denied'), by: v.string() }),
  ),
  handler: async (ctx, { pairingId, secret }) => {
    const { state, expiresAt } = await pairingOf(ctx, pairingId, secret)
    if (state.kind === 'denied') return state
    if (state.kind === 'waiting') {
      return expiresAt > Date.now() ? { kind: 'waiting' as const } : { kind: 'expired' as const }
    }
    const worker = await ctx.db.get('workers', state.workerId)
    const machine = worker && (await ctx.db.get('machines', worker.machineId))
    if (!worker || !machine) return { kind: 'expired' as const }
    return {
      ...{ kind: 'approved' as const, machineId: machine._id, workerId: worker._id },
      ...{ machine: machine.name, worker: worker.name, by: state.by },
    }
  },
})

// For people

const joining = v.object({ host: joiningHost, expiresAt: v.number() })

/** Where a worker shall belong: a machine of the caller's, or a new one. */
const place = v.union(v.object({ machineId: v.id('machines') }), v.object({ newMachine: v.string() }))

const decisionOn = v.union(
  v.object({ kind: v.literal('look') }),
  v.object({ kind: v.literal('deny') }),
  v.object({ kind: v.literal('approve'), place, workerName: v.string() }),
)

/**
 * Who waits with this code, so that a person can tell what they approve. Throws `PAIRING_CODE_INVALID`, and `RATE_LIMITED` after
 * too many wrong ones.
 */
export const look = userAction({
  args: { code: v.string() },
  returns: joining,
  handler: async (ctx, { code }): Promise<Infer<typeof joining>> => {
    const { host, expiresAt } = await decided(ctx, code, { kind: 'look' })
    return { host, expiresAt }
  },
})

/**
 * Lets the worker that waits with this code join as `workerName`, approved. Of two who come at once, one gets it. Throws what
 * `look` throws, `NOT_FOUND`, `FORBIDDEN`, `NAME_INVALID`, `NAME_TAKEN`, `LIMIT_REACHED`.
 */
export const approve = userAction({
  args: { code: v.string(), place, workerName: v.string() },
  returns: v.object({ workerId: v.id('workers') }),
  handler: async (ctx, { code, ...how }): Promise<{ workerId: Id<'workers'> }> => {
    const { workerId } = await decided(ctx, code, { kind: 'approve', ...how })
    if (workerId === undefined) throw new Error('an approval makes a worker')
    return { workerId }
  },
})

/** Turns the worker that waits with this code away; it is told by whom. Throws what `look` throws. */
export const deny = userAction({
  args: { code: v.string() },
  returns: v.null(),
  handler: async (ctx, { code }): Promise<null> => {
    await decided(ctx, code, { kind: 'deny' })
    return null
  },
})

type Decided = Infer<typeof joining> & { workerId?: Id<'workers'> }
type Refused = { kind: 'refused' } & Infer<typeof refusalView>

async function decided(
  ctx: ActionCtx & { userId: Id<'users'> },
  code: string,
  decision: Infer<typeof decisionOn>,
): Promise<Decided> {
  const answer: Refused | ({ kind: 'decided' } & Decided) = await ctx.runMutation(internal.pairing.decide, {
    ...{ userId: ctx.userId, code, decision },
  })
  if (answer.kind === 'decided') return answer
  const { kind, ...payload } = answer
  throw new ConvexError(payload)
}

/** The database half of the three. A refusal that it has counted is answered, not thrown. */
export const decide = internalMutation({
  args: { userId: v.id('users'), code: v.string(), decision: decisionOn },
  returns: v.union(
    v.object({ kind: v.literal('refused'), ...refusalView.fields }),
    joining.extend({ kind: v.literal('decided'), workerId: v.optional(v.id('workers')) }),
  ),
  handler: async (ctx, { userId, code, decision }) => {
    const waiting = await waitingWith(ctx, userId, code)
    if (waiting.kind === 'refused') return waiting
    const { _id, host, expiresAt, secretHash } = waiting.pairing
    const seen = { kind: 'decided' as const, host, expiresAt }
    if (decision.kind === 'look') return seen
    const by = personName(await ctx.db.get('users', userId))
    if (decision.kind === 'deny') {
      await ctx.db.patch('pairings', _id, { state: { kind: 'denied', by } })
      return seen
    }
    const { place, workerName } = decision
    const machineId =
      'machineId' in place ? place.machineId : await createMachine(ctx, userId, place.newMachine)
    const { machine } = await machineAs(ctx, userId, machineId, 'owner')
    const worker = cleanName(workerName)
    const workerId = await createWorker(ctx, { machineId, name: worker, secretHash, approval: 'approved' })
    await ctx.db.patch('pairings', _id, { state: { kind: 'approved', workerId, by } })
    await audit(ctx, userId, userId, { kind: 'workerPaired', host, machine: machine.name, worker })
    return { ...seen, workerId }
  },
})
