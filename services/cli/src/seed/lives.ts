import { defaultSettings, MINUTE, SECOND } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import type { Conversation } from './conversations'
import type { Owner } from '../local/Owner'
import type { PastEnd, Role } from './roles'
import type { Run } from './Run'
import type { Habits, SeededWorker } from './SeededWorker'

/** What a life is made of. */
export interface Stage {
  worker: SeededWorker
  owner: Owner
  /** Another one each time. */
  nextConversation: () => Conversation
  /** The chat that its owner has with it, once there is one. */
  chat?: Id<'sessions'>
  /** Milliseconds. Rejects when the fleet is told to stop, and so ends the life. */
  pause: (ms: number) => Promise<void>
  stop: AbortSignal
}

/** What a worker does so that it is seen as its role says, and then, if it does not stay so: it comes back to `arrive`. */
interface Life {
  arrive: (stage: Stage) => Promise<unknown>
  goOn?: (stage: Stage) => Promise<void>
}

/** What people follow with their eyes. */
const LOOK_MS = SECOND / 4
/** As often as a supervisor looks. */
const PING_MS = 5 * SECOND
const HANG_MS = 90 * SECOND
/** Of one that was killed for the fifth time: the longest that a supervisor waits is a minute. */
const RESTART_MS = 45 * SECOND

const usual: Habits = { paceMs: 150, drainMs: 2 * SECOND, downMs: 3 * SECOND }

/** The busy are seen at work, and who restarts is seen restarting. */
export const habitsOf = (role: Role): Habits => ({
  ...usual,
  ...(role === 'busy' && { paceMs: 4 * SECOND }),
  ...(role === 'restarting' && { drainMs: 45 * SECOND, downMs: 15 * SECOND }),
})

/** How a run that nobody sees any more has ended. */
export async function endLike(end: PastEnd, run: Run): Promise<void> {
  switch (end) {
    case 'stopped':
      await run.goOffline({ reason: 'shutdown', evidence: { cause: 'SIGTERM', drainMs: 280 } })
      return
    case 'restarted':
      await run.goOffline({ reason: 'shutdown', evidence: { cause: 'restart-requested', drainMs: 450 } })
      return
    case 'killed':
      await run.die({ signal: 'SIGKILL', noticedAfterMs: 12, restartInMs: SECOND })
      return
    default:
      return end satisfies never
  }
}

/** Its owner asks it something, in the chat that they have. */
export async function ask(stage: Stage): Promise<void> {
  const { worker, owner, stop } = stage
  const { title, prompt } = stage.nextConversation()
  stage.chat ??= await owner.startChat(worker.id, title, stop)
  await owner.say(stage.chat, prompt, stop)
}

const untilIdle = async ({ worker, pause }: Stage): Promise<void> => {
  while (worker.run?.desk.isBusy === true) await pause(LOOK_MS)
}

export const lives: Record<Role, Life> = {
  ready: { arrive: ({ worker }) => worker.up() },

  busy: {
    arrive: async (stage) => {
      const { worker, pause } = stage
      const { desk } = await worker.up()
      await ask(stage)
      while (!desk.isBusy && worker.run?.desk === desk) await pause(LOOK_MS)
    },
    goOn: async (stage) => {
      await untilIdle(stage)
      await stage.pause(20 * SECOND)
    },
  },

  starting: {
    arrive: ({ worker }) => worker.register(),
    goOn: async ({ worker, pause }) => {
      await pause(MINUTE)
      const run = await worker.up()
      await pause(MINUTE)
      await endLike('restarted', run)
      await pause(3 * SECOND)
    },
  },

  draining: {
    arrive: async ({ worker }) => (await worker.up()).beginDraining('SIGTERM', 2 * MINUTE),
    goOn: async ({ worker, pause }) => {
      await pause(100 * SECOND)
      await worker.run?.goOffline({ reason: 'shutdown', evidence: { cause: 'SIGTERM', drainMs: 100_020 } })
      await pause(20 * SECOND)
    },
  },

  restarting: {
    arrive: async ({ worker, owner, pause }) => {
      const run = await worker.up()
      await owner.orderRestart(worker.id)
      while (!run.isDraining && !run.hasEnded) await pause(LOOK_MS)
    },
    goOn: async ({ worker, pause }) => {
      while (worker.run?.isReady !== true) await pause(SECOND)
      await pause(MINUTE)
    },
  },

  hung: {
    arrive: async ({ worker }) => (await worker.up()).hang(true),
    goOn: async ({ worker, pause }) => {
      const run = await worker.up()
      for (let hungMs = 0; hungMs < HANG_MS;) {
        const untilPing = Math.min(PING_MS, run.heartbeatIntervalMs)
        await pause(untilPing)
        await run.hang(true)
        hungMs += untilPing
      }
      await run.hang(false)
      await pause(5 * MINUTE)
    },
  },

  stopped: {
    arrive: async ({ worker }) => {
      const run = await worker.up()
      await run.goOffline({ reason: 'shutdown', evidence: { cause: 'SIGINT', drainMs: 310 } })
    },
  },

  killed: {
    arrive: async ({ worker }) => (await worker.up()).die({ signal: 'SIGKILL', noticedAfterMs: 9 }),
  },

  crashed: {
    arrive: async ({ worker }) => {
      const message = "TypeError: Cannot read properties of undefined (reading 'sessionID')"
      const run = await worker.up()
      await run.goOffline({
        reason: 'crashed',
        evidence: { cause: 'uncaughtException', exitCode: 1, message },
      })
    },
  },

  lost: { arrive: async ({ worker }) => (await worker.up()).fallSilent() },

  unstable: {
    arrive: async ({ worker }) => {
      for (let failures = 1; failures < defaultSettings.unstableFailures; failures++) {
        await (await worker.up()).die({ signal: 'SIGSEGV', noticedAfterMs: 7, restartInMs: SECOND })
      }
      await (await worker.up()).die({ signal: 'SIGSEGV', noticedAfterMs: 7, restartInMs: RESTART_MS })
    },
    goOn: async ({ worker, pause }) => {
      for (;;) {
        await pause(RESTART_MS)
        const run = await worker.up()
        await pause(10 * MINUTE)
        await run.die({ signal: 'SIGSEGV', noticedAfterMs: 7, restartInMs: RESTART_MS })
      }
    },
  },

  waiting: { arrive: ({ worker }) => worker.register() },

  revoked: {
    arrive: async ({ worker, owner }) => {
      await worker.up()
      await owner.revoke(worker.id)
    },
  },
}
