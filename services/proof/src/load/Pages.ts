import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexClient, ConvexHttpClient } from 'convex/browser'
import { WebSocket } from 'ws'

const PASSWORD = 'correct horse battery staple'

/** Makes an account; answers its token, for an hour. */
export async function signUp(url: string, email: string): Promise<string> {
  const client = new ConvexHttpClient(url)
  const params = { email, password: PASSWORD, flow: 'signUp' }
  const { tokens } = await client.action(api.auth.signIn, { provider: 'password', params })
  if (!tokens) throw new Error(`${email} is not signed in`)
  return tokens.token
}

/** Follows what an open page follows, over a WebSocket of its own: the machines, and the workers of each. */
export class Page {
  /** How often something of it was told again. */
  updates = 0
  private readonly client: ConvexClient
  private isTold = false
  private readonly followed = new Set<Id<'machines'>>()
  private readonly told = new Set<Id<'machines'>>()

  constructor(url: string, token: string) {
    // Node 20 has none of its own.
    this.client = new ConvexClient(url, { webSocketConstructor: WebSocket as never })
    this.client.setAuth(() => Promise.resolve(token))
    this.client.onUpdate(
      api.machines.list,
      { paginationOpts: { numItems: 200, cursor: null } },
      ({ page }) => {
        this.updates += 1
        this.isTold = true
        for (const { id } of page) this.follow(id)
      },
    )
    this.client.onUpdate(api.detector.state, {}, () => undefined)
  }

  /** Whether everything that it follows was told once. */
  get isOpen(): boolean {
    return this.isTold && this.told.size === this.followed.size
  }

  async close(): Promise<void> {
    await this.client.close()
  }

  private follow(machineId: Id<'machines'>): void {
    if (this.followed.has(machineId)) return
    this.followed.add(machineId)
    this.client.onUpdate(api.workers.list, { machineId }, () => {
      this.updates += 1
      this.told.add(machineId)
    })
  }
}
