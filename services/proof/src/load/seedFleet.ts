import { createHash } from 'node:crypto'
import type { ProvedBackend } from '../ProvedBackend'

const PER_MACHINE = 50
/** What one person may own (`limits.machinesPerOwner`). */
const MACHINES_PER_OWNER = 200
const SECRET = 's'.repeat(43)

export interface SeededWorker {
  workerId: string
  secret: string
}

/** Online workers, fifty to a machine, of as many of the owners as it takes. Answers them; throws where there are too few owners. */
export async function seedFleet(
  backend: ProvedBackend,
  owners: readonly string[],
  count: number,
  onProgress: (done: number) => void,
): Promise<SeededWorker[]> {
  const secretHash = createHash('sha256').update(SECRET).digest('hex')
  const fleet: SeededWorker[] = []
  for (let machine = 0; fleet.length < count; machine += 1) {
    const ownerEmail = owners[Math.floor(machine / MACHINES_PER_OWNER)]
    if (ownerEmail === undefined) throw new Error(`${owners.length} owners are too few for ${count} workers`)
    const workers = Math.min(PER_MACHINE, count - fleet.length)
    const ids = await backend.call('seed:machine', {
      ...{ ownerEmail, name: `machine-${machine}`, workers, secretHash },
    })
    fleet.push(...(ids as string[]).map((workerId) => ({ workerId, secret: SECRET })))
    onProgress(fleet.length)
  }
  return fleet
}

/** How many owners so many workers need. */
export function ownersFor(workers: number): number {
  return Math.ceil(workers / (PER_MACHINE * MACHINES_PER_OWNER))
}
