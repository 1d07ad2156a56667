import type { Owner } from '../local/Owner'
import type { SeedRecord } from './SeedRecord'

/** Removes every machine that was made, as its owner does it on the page. Answers how many there were. */
export async function removeFleet(owner: Owner, record: SeedRecord): Promise<number> {
  const machines = [...record.machines]
  for (const machineId of machines) {
    await owner.removeMachine(machineId)
    record.forget(machineId)
  }
  return machines.length
}
