import { api } from '@rollcall/backend/api'
import { limits, MINUTE, SECOND } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { setTimeout as delay } from 'node:timers/promises'
import type { AdminApi } from '../backend/AdminApi'
import { RefusalError } from '../errors'
import { makeLocalSignInToken } from './signInLink'
import { PublicCalls } from '../backend/PublicCalls'

/** A sign-in's token is good for an hour. */
const RENEW_AFTER_MS = 30 * MINUTE
/** A person may begin one chat or message a second, when those of the first moment are used up. */
const TOO_OFTEN_MS = 2 * SECOND

interface SignIn {
  calls: PublicCalls
  refreshToken: string
  /** Milliseconds, monotonic. */
  at: number
}

/** The local owner, signed in by a link of the terminal, doing what a person does on the page. Throws as `PublicCalls`. */
export class Owner {
  private renewing: Promise<SignIn> | undefined

  private constructor(
    private readonly url: string,
    private signIn: SignIn,
  ) {}

  /** Throws what `AdminApi.run` throws as well. */
  static async signIn(admin: AdminApi): Promise<Owner> {
    const token = await makeLocalSignInToken(admin)
    return new Owner(admin.url, await signedIn(admin.url, { provider: 'link', params: { token } }))
  }

  async signOut(): Promise<void> {
    await this.does((calls) => calls.action(api.auth.signOut, {}))
  }

  /** Id and name of each. */
  async machines(): Promise<{ id: Id<'machines'>; name: string }[]> {
    const paginationOpts = { cursor: null, numItems: limits.machinesPerOwner }
    const { page } = await this.does((calls) => calls.query(api.machines.list, { paginationOpts }))
    return page.map(({ id, name }) => ({ id, name }))
  }

  createMachine(name: string): Promise<Id<'machines'>> {
    return this.does((calls) => calls.mutation(api.machines.create, { name }))
  }

  /** Safe to repeat. */
  async removeMachine(machineId: Id<'machines'>): Promise<void> {
    try {
      await this.does((calls) => calls.mutation(api.machines.remove, { machineId }))
    } catch (error: unknown) {
      if (!(error instanceof RefusalError && error.code === 'NOT_FOUND')) throw error
    }
  }

  /** Answers the worker's token. It waits for its approval. */
  createWorker(machineId: Id<'machines'>, name: string): Promise<{ workerId: Id<'workers'>; token: string }> {
    return this.does((calls) => calls.action(api.workerAccess.create, { machineId, name }))
  }

  async approve(workerId: Id<'workers'>): Promise<void> {
    await this.does((calls) => calls.mutation(api.workerAccess.approve, { workerId }))
  }

  async revoke(workerId: Id<'workers'>): Promise<void> {
    await this.does((calls) => calls.mutation(api.workerAccess.revoke, { workerId }))
  }

  async orderRestart(workerId: Id<'workers'>): Promise<void> {
    const command = { kind: 'restart', when: 'now' } as const
    await this.does((calls) => calls.mutation(api.workerCommands.order, { workerId, command }))
  }

  /** Opens a chat. Waits, until `stop` is aborted, while that was done too often; so does `say`. */
  startChat(workerId: Id<'workers'>, title: string, stop: AbortSignal): Promise<Id<'sessions'>> {
    return patiently(stop, () =>
      this.does((calls) => calls.mutation(api.chat.startSession, { workerId, title })),
    )
  }

  async say(sessionId: Id<'sessions'>, text: string, stop: AbortSignal): Promise<void> {
    await patiently(stop, () =>
      this.does((calls) => calls.mutation(api.chat.sendMessage, { sessionId, text })),
    )
  }

  private async does<T>(act: (calls: PublicCalls) => Promise<T>): Promise<T> {
    return await act(await this.calls())
  }

  private async calls(): Promise<PublicCalls> {
    if (performance.now() - this.signIn.at > RENEW_AFTER_MS) {
      this.renewing ??= signedIn(this.url, { refreshToken: this.signIn.refreshToken })
      try {
        this.signIn = await this.renewing
      } finally {
        this.renewing = undefined
      }
    }
    return this.signIn.calls
  }
}

async function signedIn(url: string, how: (typeof api.auth.signIn)['_args']): Promise<SignIn> {
  const { tokens } = await new PublicCalls(url).action(api.auth.signIn, how)
  if (!tokens) throw new RefusalError('The local owner could not be signed in.')
  return {
    calls: new PublicCalls(url, tokens.token),
    refreshToken: tokens.refreshToken,
    at: performance.now(),
  }
}

async function patiently<T>(stop: AbortSignal, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error: unknown) {
      if (!(error instanceof RefusalError && error.code === 'RATE_LIMITED')) throw error
    }
    await delay(TOO_OFTEN_MS, undefined, { signal: stop })
  }
}
