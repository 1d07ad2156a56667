import { callAsAdmin } from './callAsAdmin'
import { SimulatedWorker } from './SimulatedWorker'
import type { VisitedPage } from './VisitedPage'

const MACHINE = 'build-03'

/**
 * Fills the empty fleet of whoever is signed in with a worker in every status that lasts, each named like it. A worker that
 * is replaced is not shown as such: its next process is. Answers the busy one, whose chat (the worker's only one) waits for
 * its answer to be claimed.
 */
export async function fleetOfEveryStatus(visit: VisitedPage): Promise<SimulatedWorker> {
  await visit.addMachine(MACHINE)
  const add = async (name: string) => await addApproved(visit, name)
  const start = async (name: string) => await SimulatedWorker.register(visit.served.url, await add(name))

  const lost = await start('lost-one')
  await lost.ready()
  await callAsAdmin(visit.served, 'settings:update', { heartbeatIntervalMs: 200, staleThresholdMs: 1000 })
  await visit.seesRow('lost-one', /^lost/)
  await callAsAdmin(visit.served, 'settings:update', {
    heartbeatIntervalMs: 60_000,
    staleThresholdMs: 600_000, // The others send no heartbeats, and shall last.
  })
  const [ready, busy, draining, hung, crashed, offline] = [
    await start('ready-one'),
    await start('busy-one'),
    await start('draining-one'),
    await start('hung-one'),
    await start('crashed-one'),
    await start('offline-one'),
  ]
  for (const worker of [ready, busy, draining, hung, crashed, offline]) await worker.ready()
  await (await start('starting-one')).beat()
  await draining.beginDraining('SIGTERM', 55_000)
  await hung.reportHang(true)
  await crashed.reportExit({ signal: 'SIGKILL' })
  await offline.goOffline('shutdown', { cause: 'SIGINT', drainMs: 300 })
  await add('revoked-one')
  await visit.page.getByRole('link', { name: 'revoked-one', exact: true }).click()
  await visit.click('Revoke revoked-one')
  await visit.click('Revoke for good')
  await visit.page.getByRole('link', { name: 'Rollcall' }).click()
  await visit.seesRow('revoked-one', /^revoked/)
  await addWaiting(visit, 'waiting-one')
  return busy
}

async function addWaiting(visit: VisitedPage, name: string): Promise<string> {
  const token = await visit.addWorkerTo(MACHINE, name)
  await visit.click('I have copied it')
  return token
}

async function addApproved(visit: VisitedPage, name: string): Promise<string> {
  const token = await addWaiting(visit, name)
  await visit.click(`Approve ${name}`)
  await visit.seesRow(name, /^offline/)
  return token
}
