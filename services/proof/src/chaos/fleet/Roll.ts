import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexHttpClient } from 'convex/browser'
import { signUp } from '../../load/Pages'

/** Each person may send one message a second (`model/rateLimits`), so there are several. */
const OWNERS = 4

/** Somebody with a machine, signed in. */
export interface Owner {
  token: string
  client: ConvexHttpClient
  machineId: Id<'machines'>
}

export interface RolledWorker {
  workerId: Id<'workers'>
  token: string
  owner: Owner
}

/** The owners of the fleet, and the workers that they make as people make them on the page. */
export class Roll {
  private made = 0

  private constructor(readonly owners: readonly Owner[]) {}

  /** Sign-up must be open. */
  static async open(url: string): Promise<Roll> {
    const owners: Owner[] = []
    for (let number = 1; number <= OWNERS; number += 1) {
      const token = await signUp(url, `owner-${number}@example.com`)
      const client = new ConvexHttpClient(url, { logger: false })
      client.setAuth(token)
      const machineId = await client.mutation(api.machines.create, { name: `machine-${number}` })
      owners.push({ token, client, machineId })
    }
    return new Roll(owners)
  }

  /** An approved worker, on the next of the machines or that of `owner`. */
  async add(owner = this.owners[this.made % this.owners.length]): Promise<RolledWorker> {
    if (!owner) throw new Error('there are no owners')
    this.made += 1
    const { client, machineId } = owner
    const made = await client.action(api.workerAccess.create, { machineId, name: `worker-${this.made}` })
    await client.mutation(api.workerAccess.approve, { workerId: made.workerId })
    return { ...made, owner }
  }
}
