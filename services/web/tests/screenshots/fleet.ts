import { HOUR, MINUTE } from '@rollcall/backend/contract'
import { callAsAdmin } from '../e2e/callAsAdmin'
import { SimulatedWorker } from '../e2e/SimulatedWorker'
import type { VisitedPage } from '../e2e/VisitedPage'
import { aPast, type Spell } from './aPast'

const crash = (hoursAgo: number, minutes: number): Spell => ({
  ...{ state: 'crashed', agoMs: hoursAgo * HOUR, forMs: minutes * MINUTE },
})
const lost = (hoursAgo: number, minutes: number): Spell => ({ ...crash(hoursAgo, minutes), state: 'lost' })
const stopped = (hoursAgo: number, hours: number): Spell => ({
  ...crash(hoursAgo, hours * 60),
  state: 'stopped',
})

/** Who is on which machine, with their pasts. */
const fleet: Record<string, Record<string, Spell[]>> = {
  'build-03': {
    api: [lost(400, 50)],
    docs: [stopped(90, 2), crash(200, 3)],
    nightly: [crash(9, 25), crash(16, 12), crash(33, 40), crash(150, 60), lost(300, 90)],
    scratch: [stopped(60, 9), stopped(36, 9)],
  },
  'studio-mac': {
    web: [stopped(40, 10)],
    design: [stopped(40, 10), stopped(64, 10)],
    figures: [lost(19, 35)],
  },
}

type Name = 'api' | 'docs' | 'nightly' | 'scratch' | 'web' | 'design' | 'figures'

/** A small team's fleet on an ordinary day: most of it well, one crashed, one stopped, one that wants to join. */
export async function aFleet(visit: VisitedPage): Promise<Record<Name, SimulatedWorker>> {
  const workers: Partial<Record<string, SimulatedWorker>> = {}
  for (const [machine, ofMachine] of Object.entries(fleet)) {
    await visit.addMachine(machine)
    for (const [name, spells] of Object.entries(ofMachine)) {
      const token = await added(visit, machine, name)
      await visit.click(`Approve ${name}`)
      const workerId = token.split(':worker_')[1]?.split(':')[0]
      await callAsAdmin(visit.served, 'seed:history', { workerId, days: aPast(Date.now(), spells) })
      const worker = await SimulatedWorker.register(visit.served.url, token)
      await worker.ready()
      workers[name] = worker
    }
  }
  await SimulatedWorker.register(visit.served.url, await added(visit, 'studio-mac', 'laptop'), 8_123)
  return workers as Record<Name, SimulatedWorker>
}

async function added(visit: VisitedPage, machine: string, name: string): Promise<string> {
  const token = await visit.addWorkerTo(machine, name)
  await visit.click('I have copied it')
  return token
}
