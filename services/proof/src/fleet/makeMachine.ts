import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexHttpClient } from 'convex/browser'

export interface MadeWorker {
  workerId: Id<'workers'>
  token: string
}

export interface MadeMachine {
  machineId: Id<'machines'>
  workers: MadeWorker[]
}

/** A machine with so many approved workers, made as its owner makes them on the page; `ownerToken`: of their sign-in. */
export async function makeMachine(url: string, ownerToken: string, count: number): Promise<MadeMachine> {
  const owner = new ConvexHttpClient(url, { logger: false })
  owner.setAuth(ownerToken)
  const machineId = await owner.mutation(api.machines.create, { name: 'measured' })
  const workers: MadeWorker[] = []
  for (let number = 1; number <= count; number += 1) {
    const made = await owner.action(api.workerAccess.create, { machineId, name: `worker-${number}` })
    await owner.mutation(api.workerAccess.approve, { workerId: made.workerId })
    workers.push(made)
  }
  return { machineId, workers }
}
