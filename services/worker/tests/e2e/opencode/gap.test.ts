import { readFileSync } from 'node:fs'
import { createServer, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpencodeClient } from '@opencode-ai/sdk/v2'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Opencode } from '../../../src/infrastructure/opencode'
import { OpencodeServer } from '../../../src/infrastructure/opencode/OpencodeServer'
import { ask, createSandbox, pidOf, quiet, startOpencode, type Sandbox } from './setup'

/** A proxy before the real opencode, whose event streams can be ended and kept from coming back. */
let sandbox: Sandbox
let opencode: Opencode
let proxy: Server
let behindProxy: OpencodeServer
const streams = new Set<ServerResponse>()
let isCut = false

beforeAll(async () => {
  sandbox = await createSandbox()
  opencode = await startOpencode(sandbox.options)
  const pid = pidOf(sandbox.options.marker, / serve /) ?? 0
  const port = Number(/--port=(\d+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1])
  const password = /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1]

  proxy = createServer((incoming, response) => {
    const isStream = incoming.url?.startsWith('/event') === true
    if (isStream && isCut) return void response.writeHead(503).end()
    const onward = request({
      port,
      host: '127.0.0.1',
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    incoming.pipe(onward)
    if (isStream) streams.add(response)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const client = createOpencodeClient({
    baseUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    directory: sandbox.options.directory,
    headers: { authorization: `Basic ${Buffer.from(`opencode:${password ?? ''}`).toString('base64')}` },
  })
  const guarded = {
    gone: new Promise<never>(() => undefined),
    isStopping: false,
    stop: () => Promise.resolve(),
  }
  behindProxy = new OpencodeServer({ version: opencode.version, client, guarded, logger: quiet })
})
afterAll(async () => {
  await behindProxy.stop()
  proxy.closeAllConnections()
  proxy.close()
  await opencode.stop()
  await sandbox.remove()
})

function cutStreams(how: 'end' | 'destroy'): void {
  for (const stream of streams) stream[how]()
  streams.clear()
}

it.each(['end', 'destroy'] as const)(
  'an event stream that ends (%s) in the middle loses nothing',
  async (how) => {
    let hasCut = false
    const answer = await ask(behindProxy, {
      model: 'ok',
      onText: (text) => {
        if (hasCut || !text.includes('scripted')) return
        hasCut = true
        cutStreams(how)
      },
    })
    expect(hasCut).toBe(true)
    expect(answer.outcome).toEqual({ kind: 'completed' })
    expect(answer.text).toMatch(
      /^You wrote: “Is anybody there\?”\. I am a scripted model .* the worker and opencode\.$/,
    )
  },
)

it('an answer whose end was missed is settled, whole, when events are heard again', async () => {
  const asked = sandbox.model.requests('ok')
  const answer = await ask(behindProxy, {
    model: 'ok',
    onText: (text) => {
      if (isCut || !text.includes('scripted')) return
      isCut = true
      cutStreams('end')
      setTimeout(() => {
        isCut = false
      }, 3_000)
    },
  })
  expect(sandbox.model.requests('ok')).toBe(asked + 1)
  expect(answer.outcome).toEqual({ kind: 'completed' })
  expect(answer.text).toMatch(
    /^You wrote: “Is anybody there\?”\. I am a scripted model .* the worker and opencode\.$/,
  )
})
