import { readFileSync } from 'node:fs'
import { createServer, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createOpencodeClient, type OpencodeClient } from '@opencode-ai/sdk/v2'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import type { Opencode, PromptLimits } from '../../../src/infrastructure/opencode'
import { OpencodeServer } from '../../../src/infrastructure/opencode/OpencodeServer'
import { ask, type Answer, createSandbox, pidOf, quiet, startOpencode, type Sandbox } from './setup'

/**
 * A proxy before the real opencode, whose event streams can be ended, kept from coming back, or left without an answer, and
 * which can hold back what opencode said of its sessions until the next of them is idle.
 */
let sandbox: Sandbox
let opencode: Opencode
let proxy: Server
let client: OpencodeClient
let behindProxy: OpencodeServer
const streams = new Set<ServerResponse>()
let isCut = false
let unansweredStreams = 0
/** How many answers about the sessions' status still call the session busy that was asked last. */
let busyAnswers = 0
let askedSession = ''
/** The answers that wait for a session to be idle, while there are such. */
let held: (() => void)[] | undefined

beforeAll(async () => {
  sandbox = await createSandbox()
  opencode = await startOpencode(sandbox.options)
  const pid = pidOf(sandbox.options.marker, / serve /) ?? 0
  const port = Number(/--port=(\d+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1])
  const password = /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1]

  proxy = createServer((incoming, response) => {
    const isStream = incoming.url?.startsWith('/event') === true
    if (isStream && isCut) return void response.writeHead(503).end()
    if (isStream && unansweredStreams > 0) {
      unansweredStreams -= 1
      return
    }
    const asked = /^\/session\/(ses\w+)\/prompt_async/.exec(incoming.url ?? '')?.[1]
    if (asked !== undefined) askedSession = asked
    if (incoming.url?.includes('/abort') === true) busyAnswers = 0
    if (isStatus(incoming.url) && busyAnswers > 0) {
      busyAnswers -= 1
      const busy = { [askedSession]: { type: 'busy' } }
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(busy))
    }
    const onward = request({
      port,
      host: '127.0.0.1',
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      if (held && isStatus(incoming.url)) {
        held.push(() => answer.pipe(response))
        return
      }
      answer.pipe(response)
      if (isStream) answer.on('data', (chunk: Buffer) => releaseAtIdle(chunk.toString()))
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    incoming.pipe(onward)
    if (isStream) streams.add(response)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  client = createOpencodeClient({
    baseUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    headers: { authorization: `Basic ${Buffer.from(`opencode:${password ?? ''}`).toString('base64')}` },
  })
  behindProxy = throughProxy()
})
afterAll(async () => {
  await behindProxy.stop()
  proxy.closeAllConnections()
  proxy.close()
  await opencode.stop()
  await sandbox.remove()
})

/** Node passes an abort on to a request only as long as all objects between the two live. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
}

function isStatus(url: string | undefined): boolean {
  return url?.startsWith('/session/status') === true
}

function throughProxy(limits?: PromptLimits): OpencodeServer {
  const guarded = {
    dead: new Promise<never>(() => undefined),
    gone: new Promise<never>(() => undefined),
    isStopping: false,
    processes: () => undefined,
    stop: () => Promise.resolve(),
  }
  return new OpencodeServer({ version: opencode.version, client, guarded, logger: quiet, limits })
}

function releaseAtIdle(events: string): void {
  if (!held || !events.includes('"session.idle"')) return
  const waiting = held
  held = undefined
  for (const release of waiting) release()
}

function cutStreams(how: 'end' | 'destroy'): void {
  for (const stream of streams) stream[how]()
  streams.clear()
}

/** Asks, and does `act` once, in the middle of the answer. */
async function askAndMeanwhile(act: () => void): Promise<Answer> {
  let hasActed = false
  const answer = await ask(behindProxy, {
    model: 'ok',
    onText: (text) => {
      if (hasActed || !text.includes('scripted')) return
      hasActed = true
      act()
    },
  })
  expect(hasActed).toBe(true)
  return answer
}

it.each(isEverythingAsked ? (['end', 'destroy'] as const) : (['destroy'] as const))(
  'an event stream that ends (%s) in the middle loses nothing',
  async (how) => {
    const answer = await askAndMeanwhile(() => cutStreams(how))
    expect(answer.outcome).toEqual({ kind: 'completed' })
    expect(answer.text).toMatch(
      /^You wrote: “Is anybody there\?”\. I am a scripted model .* the worker and opencode\.$/,
    )
  },
)

it('an answer whose end was missed is settled, whole, when events are heard again', async () => {
  const asked = sandbox.model.requests('ok')
  const answer = await askAndMeanwhile(() => {
    isCut = true
    cutStreams('end')
    setTimeout(() => {
      isCut = false
    }, 3_000)
  })
  expect(sandbox.model.requests('ok')).toBe(asked + 1)
  expect(answer.outcome).toEqual({ kind: 'completed' })
  expect(answer.text).toMatch(
    /^You wrote: “Is anybody there\?”\. I am a scripted model .* the worker and opencode\.$/,
  )
})

it('an answer that ends while its session is being looked at is settled', async () => {
  const answer = await askAndMeanwhile(() => {
    held = []
    cutStreams('end')
  })
  expect(answer.outcome).toEqual({ kind: 'completed' })
})

it('a session that is called busy by a look that came too early is looked at again', async () => {
  busyAnswers = 2
  expect((await ask(behindProxy, { model: 'ok' })).outcome).toEqual({ kind: 'completed' })
  expect(busyAnswers).toBe(0)
})

it('a session that stays busy after its end is aborted, and the answer failed', async () => {
  const other = throughProxy({ settleMs: 1_000 })
  try {
    busyAnswers = Infinity
    const { outcome, text } = await ask(other, { model: 'ok' })
    expect(outcome).toEqual({ kind: 'failed', cause: 'opencode stayed busy after the end of the answer.' })
    expect(text).toMatch(/^You wrote: .* the worker and opencode\.$/)
    expect(busyAnswers).toBe(0)
  } finally {
    busyAnswers = 0
    await other.stop()
  }
})

it('a stream that opencode never answers is asked for again, whatever is collected meanwhile', async () => {
  unansweredStreams = 1
  const other = throughProxy()
  const collecting = setInterval(collectGarbage, 100)
  try {
    expect((await ask(other, { model: 'ok' })).outcome).toEqual({ kind: 'completed' })
    expect(unansweredStreams).toBe(0)
  } finally {
    clearInterval(collecting)
    await other.stop()
  }
})
