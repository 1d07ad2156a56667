import { describe, expect, it } from 'vitest'
import { MINUTE } from '../contract'
import { api } from '../convex/_generated/api'
import {
  expectRefusal,
  makeFleet,
  makeOwner,
  makeWorker,
  passTime,
  readMachine,
  readWorker,
  register,
  signedInAs,
  useBackend,
  type Member,
} from './setup'

const backend = useBackend()
const restart = { kind: 'restart', when: 'now' } as const

/** Three workers of one machine that are ready, and one that never started. */
async function aMachine() {
  const fleet = await makeFleet(backend.t, 3)
  const [first, second, third] = fleet
  if (!first || !second || !third) throw new Error('there are three')
  const { ownerId } = await readMachine(backend.t, first.worker)
  const as = await signedInAs(backend.t, ownerId)
  const { machineId } = first.worker
  await makeWorker({ userId: ownerId, as }, { name: 'never', machineId })
  const order = (command: { kind: 'stop' | 'restart'; when: 'now' | 'idle' } = restart, oneByOne = true) =>
    as.mutation(api.workerCommands.orderMachine, { machineId, command, oneByOne })
  const rollout = async () => {
    const { page } = await as.query(api.machines.list, { paginationOpts: { numItems: 9, cursor: null } })
    return page.find(({ id }) => id === machineId)?.rollout
  }
  return { as, machineId, members: [first, second, third] as const, order, rollout }
}

const told = async ({ worker }: Member) => (await readWorker(backend.t, worker)).command?.kind

async function goes(member: Member): Promise<void> {
  const { credentials } = member
  await backend.t.mutation(api.workers.goOffline, { credentials, reason: 'shutdown', evidence: {} })
}

async function comesBack(member: Member): Promise<void> {
  member.credentials = await register(backend.t, member.worker)
  await backend.t.mutation(api.workers.ready, { credentials: member.credentials, opencodeVersion: '1' })
}

describe('a whole machine', () => {
  it('is told at once, as far as it is online', async () => {
    const { members, order, rollout } = await aMachine()
    await order({ kind: 'stop', when: 'idle' }, false)
    for (const member of members) expect(await told(member)).toBe('stop')
    expect(await rollout()).toBeUndefined()
  })

  it('is restarted one by one: the next when the one before is ready again, not when it is gone', async () => {
    const { members, order, rollout } = await aMachine()
    const [first, second, third] = members
    await order()
    expect([await told(first), await told(second)]).toEqual(['restart', undefined])
    expect(await rollout()).toMatchObject({ command: restart, workerId: first.worker.workerId, waiting: 2 })
    await goes(first)
    expect(await told(second)).toBeUndefined()
    await comesBack(first)
    expect([await told(second), await told(third)]).toEqual(['restart', undefined])
    await goes(second)
    await comesBack(second)
    await goes(third)
    expect(await rollout()).toMatchObject({ workerId: third.worker.workerId, waiting: 0 })
    await comesBack(third)
    expect(await rollout()).toBeUndefined()
  })

  it('is stopped one by one: the next when the one before is offline; who has gone meanwhile is passed over', async () => {
    const { members, order, rollout } = await aMachine()
    const [first, second, third] = members
    await order({ kind: 'stop', when: 'idle' })
    await goes(second)
    await goes(first)
    expect(await told(third)).toBe('stop')
    await goes(third)
    expect(await rollout()).toBeUndefined()
  })

  it('halts at one that does not come back, and spares the others', async () => {
    const { members, order, rollout } = await aMachine()
    const [first, second] = members
    await order()
    await goes(first)
    await passTime(backend.t, 5 * MINUTE + 1_000)
    expect(await rollout()).toMatchObject({ workerId: first.worker.workerId, state: 'halted' })
    expect(await told(second)).toBeUndefined()
  })

  it('can be ended, after which nobody else is told', async () => {
    const { as, machineId, members, order, rollout } = await aMachine()
    const [first, second] = members
    await order()
    await as.mutation(api.workerCommands.endMachineOrder, { machineId })
    await as.mutation(api.workerCommands.endMachineOrder, { machineId })
    expect(await rollout()).toBeUndefined()
    await goes(first)
    await comesBack(first)
    expect(await told(second)).toBeUndefined()
  })

  it('ends when what the present one was told is taken back', async () => {
    const { as, members, order, rollout } = await aMachine()
    const [first, second] = members
    await order({ kind: 'stop', when: 'idle' })
    await as.mutation(api.workerCommands.withdraw, { workerId: first.worker.workerId })
    expect(await rollout()).toBeUndefined()
    await goes(first)
    expect(await told(second)).toBeUndefined()
  })

  it('is refused without anybody online, and changes nothing', async () => {
    const owner = await makeOwner(backend.t)
    const worker = await makeWorker(owner)
    const { machineId } = worker
    for (const oneByOne of [true, false]) {
      const args = { machineId, command: restart, oneByOne }
      await expectRefusal(owner.as.mutation(api.workerCommands.orderMachine, args), 'WORKER_OFFLINE')
    }
    expect((await readMachine(backend.t, worker)).rollout).toBeUndefined()
  })
})
