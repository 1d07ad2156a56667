/** Words and shapes of who came in and what they changed. */
import { literals } from 'convex-helpers/validators'
import { v } from 'convex/values'
import { command, machineOverrides, policyChoice, settings, sharedRole } from './validators'

/** A computer on which a worker wants to join, as it described itself; `address` as the backend saw it. */
export const joiningHost = v.object({
  hostname: v.string(),
  user: v.string(),
  directory: v.string(),
  address: v.optional(v.string()),
  /** What the worker would like to be called. */
  workerName: v.string(),
})

/** Of a worker that wants to join. `by`: who decided. */
export const pairingState = v.union(
  v.object({ kind: v.literal('waiting') }),
  v.object({ kind: v.literal('approved'), workerId: v.id('workers'), by: v.string() }),
  v.object({ kind: v.literal('denied'), by: v.string() }),
)

const onWorker = { machine: v.string(), worker: v.string() }
const onPerson = { machine: v.string(), person: v.string() }

/** What somebody did about access or settings. `from` and `to` have what was changed, and nothing else. */
export const audited = v.union(
  v.object({ kind: v.literal('signedIn'), address: v.optional(v.string()) }),
  v.object({ kind: literals('signInEnded', 'passwordChanged') }),
  v.object({
    kind: literals('workerAdded', 'workerApproved', 'workerRevoked', 'workerRemoved', 'tokenReplaced'),
    ...onWorker,
  }),
  v.object({ kind: v.literal('policySet'), policy: policyChoice, ...onWorker }),
  v.object({ kind: v.literal('commanded'), command, ...onWorker }),
  v.object({ kind: v.literal('allCommanded'), command, machine: v.string(), oneByOne: v.boolean() }),
  v.object({ kind: v.literal('workerPaired'), host: joiningHost, ...onWorker }),
  v.object({ kind: v.literal('machineRemoved'), machine: v.string() }),
  v.object({ kind: v.literal('shared'), role: sharedRole, ...onPerson }),
  v.object({ kind: v.literal('shareEnded'), ...onPerson }),
  v.object({ kind: v.literal('settingsChanged'), from: settings.partial(), to: settings.partial() }),
  v.object({
    kind: v.literal('overridesSet'),
    machine: v.string(),
    from: machineOverrides,
    to: machineOverrides,
  }),
)
