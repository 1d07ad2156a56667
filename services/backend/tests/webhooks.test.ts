import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings, delivering, HOUR, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import { Receiver } from './Receiver'
import {
  expectRefusal,
  makeAdmin,
  makeOwner,
  makeWorker,
  passTime,
  register,
  useBackend,
  WITNESS_KEY,
  type Owner,
  type WorkerFixture,
} from './setup'

const backend = useBackend()

let admin: Owner
let receiver: Receiver

beforeEach(async () => {
  admin = await makeAdmin(backend.t)
  receiver = await Receiver.open()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await receiver.close()
})

const add = (url = receiver.url, shape: 'json' | 'slack' = 'json') =>
  admin.as.action(api.webhooks.add, { url, shape })
const list = () => admin.as.query(api.webhooks.list, {})
const lastDelivery = async () => (await list())[0]?.deliveries[0]

/** Lets a worker crash until there is an alert about it. */
async function crashOften(worker: WorkerFixture): Promise<void> {
  for (let i = 0; i < defaultSettings.unstableFailures; i++) {
    const { workerId, epoch } = await register(backend.t, worker)
    const witness = { workerId, epoch, key: WITNESS_KEY }
    await backend.t.mutation(api.workers.reportExit, { witness, message: 'Error: <b>&' })
  }
}

async function raiseAlert(): Promise<WorkerFixture> {
  const worker = await makeWorker(await makeOwner(backend.t))
  await crashOften(worker)
  return worker
}

const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id'])

describe('an alert', () => {
  it('is told when it begins and when it ends, signed, as Standard Webhooks has it', async () => {
    const { secret } = await add()
    vi.setSystemTime(new Date())
    const worker = await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    const [told] = receiver.received
    if (!told) throw new Error('it was told')
    expect(told.headers['content-type']).toBe('application/json')
    expect(new Webhook(secret).verify(told.body, told.headers as Record<string, string>)).toMatchObject({
      type: 'alert.opened',
      data: {
        rule: 'flapping',
        status: 'open',
        title: 'api on build-03 is unstable',
        worker: { id: worker.workerId, name: 'api' },
        machine: { id: worker.machineId, name: 'build-03' },
        evidence: { failures: 5 },
      },
    })
    const forged = { ...(told.headers as Record<string, string>), 'webhook-id': 'another' }
    expect(() => new Webhook(secret).verify(told.body, forged)).toThrow()
    await passTime(backend.t, HOUR + 2 * SECOND)
    expect(bodies()).toMatchObject([
      { type: 'alert.opened' },
      { type: 'alert.resolved', data: { status: 'resolved' } },
    ])
    expect(new Set(ids()).size).toBe(2)
  })

  it('is told to Slack in its shape, its mark-up taken for text', async () => {
    await add(receiver.url, 'slack')
    await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    expect(bodies()).toEqual([
      {
        text: '*api on build-03 is unstable*\n5 times within an hour it crashed or was lost; the last time it crashed: Error: &lt;b&gt;&amp;.',
      },
    ])
  })

  it('is not told while it is muted, neither when it comes again; what is wrong still is told afterwards', async () => {
    await add()
    const worker = await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    const [alert] = await admin.as.query(api.alerts.open, {})
    if (!alert) throw new Error('there is one')
    await admin.as.mutation(api.alerts.mute, { alertId: alert.id, forMs: 2 * HOUR })
    await passTime(backend.t, HOUR + 2 * SECOND)
    const types = () => bodies().map(({ type }) => type)
    expect(types()).toEqual(['alert.opened', 'alert.resolved'])
    await crashOften(worker)
    await passTime(backend.t, HOUR - 10 * SECOND)
    expect(types()).toHaveLength(2)
    expect(await admin.as.query(api.alerts.open, {})).toMatchObject([{ mute: { by: 'root@example.com' } }])
    await passTime(backend.t, 10 * SECOND)
    expect(types()).toEqual(['alert.opened', 'alert.resolved', 'alert.opened'])
  })
})

describe('a receiver', () => {
  it('that fails five times is told in the end, each time under the same id', async () => {
    receiver.answers = [500, 503, 302, 404, 500]
    await add()
    await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    expect(await lastDelivery()).toMatchObject({ state: 'waiting', attempts: 1, error: 'It answered 500.' })
    const untilSixth = delivering.backoffMs
      .slice(0, 5)
      .reduce((sum, ms) => sum + ms + delivering.timeoutMs, 0)
    await passTime(backend.t, untilSixth + 2 * SECOND)
    expect(receiver.received).toHaveLength(6)
    expect(new Set(ids()).size).toBe(1)
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    expect(await lastDelivery()).toMatchObject({ state: 'delivered', attempts: 6 })
    expect(await lastDelivery()).not.toHaveProperty('error')
    await passTime(backend.t, 10 * 60 * SECOND)
    expect(receiver.received).toHaveLength(6)
  })

  it('that is slow has not taken it, and is told again', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const controller = new AbortController()
      void vi
        .waitFor(() => expect(receiver.received).toHaveLength(1))
        .then(() => controller.abort(new DOMException('', 'TimeoutError')))
      return controller.signal
    })
    receiver.answers = ['silence']
    await add()
    await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    expect(timeout).toHaveBeenCalledWith(delivering.timeoutMs)
    expect(await lastDelivery()).toMatchObject({ state: 'waiting', error: 'It did not answer within 10 s.' })
    timeout.mockRestore()
    await passTime(backend.t, 22 * SECOND)
    expect(receiver.received).toHaveLength(2)
    expect(await lastDelivery()).toMatchObject({ state: 'delivered', attempts: 2 })
  })

  it('that is gone is given up after a day, which is shown, and can be tried again', async () => {
    const { url } = receiver
    await receiver.close()
    await add(url)
    await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    expect(await lastDelivery()).toMatchObject({ error: 'It cannot be reached (ECONNREFUSED).' })
    const id = (await lastDelivery())?.id
    if (!id) throw new Error('there is one')
    await backend.t.run((ctx) => ctx.db.patch('deliveries', id, { attempts: delivering.backoffMs.length }))
    await backend.t.mutation(internal.webhooks.attempt, { deliveryId: id, attempt: 12 })
    await passTime(backend.t, SECOND)
    expect(await lastDelivery()).toMatchObject({ state: 'failed', attempts: 12, settledAt: Date.now() })
    await admin.as.mutation(api.webhooks.tryAgain, { deliveryId: id })
    await passTime(backend.t, 2 * SECOND)
    expect(await lastDelivery()).toMatchObject({ state: 'waiting', attempts: 1 })
  })

  it('is told again where an attempt was lost with the backend that made it, and given up where it was the last', async () => {
    await add()
    receiver.answers = [500]
    await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    const id = (await lastDelivery())?.id
    if (!id) throw new Error('there is one')
    /** An attempt that begins and is never heard of again. */
    const loseAttempt = async (attempt: number) => {
      await backend.t.run((ctx) =>
        ctx.db.patch('deliveries', id, { state: 'waiting', attempts: attempt - 1 }),
      )
      await backend.t.mutation(internal.webhooks.attempt, { deliveryId: id, attempt })
      await backend.t.run(async (ctx) => {
        for (const job of await ctx.db.system.query('_scheduled_functions').take(1_000)) {
          const isIt = /webhooks:deliver/.test(job.name) && job.state.kind === 'pending'
          if (isIt) await ctx.scheduler.cancel(job._id)
        }
      })
    }
    await loseAttempt(delivering.backoffMs.length + 1)
    await passTime(backend.t, 12 * SECOND)
    expect(await lastDelivery()).toMatchObject({ state: 'failed', attempts: 12 })
    expect(receiver.received).toHaveLength(1)
    await loseAttempt(2)
    await passTime(backend.t, 42 * SECOND)
    expect(await lastDelivery()).toMatchObject({ state: 'delivered', attempts: 3 })
  })
})

describe('webhooks', () => {
  it.each([
    '',
    'slack',
    'ftp://example.com',
    'https://',
    'https://a:b@example.com',
    `https://e.com/${'x'.repeat(2_048)}`,
  ])('“%s” is no address', async (url) => {
    await expectRefusal(add(url), 'URL_INVALID')
    expect(await list()).toEqual([])
  })

  it('are for administrators, at most ten, listed without what is secret', async () => {
    const stranger = await makeOwner(backend.t, 'eve@example.com')
    await expectRefusal(stranger.as.query(api.webhooks.list, {}), 'FORBIDDEN')
    const added = await add('https://hooks.example.com/services/T0/B0/secret', 'slack')
    expect(added.secret).toMatch(/^whsec_/)
    const [shown] = await list()
    expect(shown).toMatchObject({ host: 'hooks.example.com', shape: 'slack', by: 'root@example.com' })
    expect(JSON.stringify(shown)).not.toMatch(/T0|whsec/)
    for (let i = 1; i < 10; i++) await add()
    await expectRefusal(add(), 'LIMIT_REACHED')
  })

  it('can be tried, not without end', async () => {
    const { webhookId } = await add()
    const test = () => admin.as.mutation(api.webhooks.test, { webhookId })
    for (let i = 0; i < 10; i++) await test()
    await expectRefusal(test(), 'RATE_LIMITED')
    await passTime(backend.t, 2 * SECOND)
    expect(bodies()).toHaveLength(10)
    expect(bodies()[0]).toMatchObject({ type: 'test' })
  })

  it('are told nothing any more once they are removed', async () => {
    receiver.answers = [500]
    const { webhookId } = await add()
    await raiseAlert()
    await passTime(backend.t, 2 * SECOND)
    await admin.as.mutation(api.webhooks.remove, { webhookId })
    await expectRefusal(admin.as.mutation(api.webhooks.remove, { webhookId }), 'NOT_FOUND')
    await passTime(backend.t, 60 * SECOND)
    expect(receiver.received).toHaveLength(1)
    expect(await backend.t.run((ctx) => ctx.db.query('deliveries').first())).toBeNull()
  })
})
