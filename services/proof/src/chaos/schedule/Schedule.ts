import * as z from 'zod'

/** The processes of one worker, from the top of its tree. */
export const roles = ['launcher', 'supervisor', 'worker', 'guard', 'opencode'] as const
export type Role = (typeof roles)[number]

const slot = z.number().int().min(0)
const ms = z.number().int().min(0)
const role = z.enum(roles)
const targets = z.array(role).min(1)

/** Those that ask a process to end, those that end it, and those that it should not mind. */
export const signals = [
  ...(['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const),
  ...(['SIGABRT', 'SIGSEGV', 'SIGUSR2', 'SIGALRM'] as const),
  ...(['SIGWINCH', 'SIGPIPE', 'SIGCHLD'] as const),
] as const
export const networks = ['cut', 'half-open', 'slow', 'reordered'] as const
export const backendFaults = ['kill', 'restart', 'pause', 'full-disk'] as const

/** What is done to the fleet. `slot`: whose worker; `forMs`: until it is taken back. */
export const fault = z.discriminatedUnion('kind', [
  /** To one process, or to the group that a terminal signals. */
  z.object({ kind: z.literal('signal'), slot, to: z.enum([...roles, 'group']), signal: z.enum(signals) }),
  /** SIGKILL, to all of them at once. */
  z.object({ kind: z.literal('kill'), slot, targets }),
  /** SIGSTOP, and SIGCONT later. */
  z.object({ kind: z.literal('freeze'), slot, targets, forMs: ms }),
  z.object({ kind: z.literal('network'), slot, network: z.enum(networks), forMs: ms }),
  z.object({ kind: z.literal('backend'), how: z.enum(backendFaults), forMs: ms }),
  /** The same token is started once more. */
  z.object({ kind: z.literal('duplicate'), slot }),
  z.object({ kind: z.literal('revoke'), slot }),
  /** The wall clock of the worker's machine is set. */
  z.object({ kind: z.literal('clock'), slot, byMs: z.number().int() }),
  /** The worker's event loop is blocked. */
  z.object({ kind: z.literal('block'), slot, forMs: ms }),
  /** A bug: nobody catches what the worker throws, or nobody awaits what it rejects. */
  z.object({ kind: z.literal('throw'), slot, how: z.enum(['exception', 'rejection']) }),
  /** The kernel ends opencode for want of memory: SIGKILL, to it alone. */
  z.object({ kind: z.literal('oom'), slot }),
])
export type Fault = z.infer<typeof fault>
export type FaultKind = Fault['kind']

/** A message to a worker: `words` of answer, in a chat of its own or in the latest one. */
const chat = z.object({ atMs: ms, slot, words: z.number().int().min(1), isNew: z.boolean() })
export type PlannedChat = z.infer<typeof chat>

const planned = z.object({ atMs: ms, fault })
export type PlannedFault = z.infer<typeof planned>

/** All that happens in one round, made from its seed. Times count from the moment at which the whole fleet is ready. */
export const schedule = z.object({
  seed: z.number().int(),
  /** Workers with a light opencode, and after them some with the real one. */
  light: z.number().int().min(0),
  real: z.number().int().min(0),
  lengthMs: ms,
  faults: z.array(planned),
  chats: z.array(chat),
})
export type Schedule = z.infer<typeof schedule>
