import { expect, test, vi } from 'vitest'
import { decodeTimestamp } from '../../src/protocol/sync/timestamp'
import { RawSocket, transitions } from './RawSocket'
import { startTestBackend } from './startTestBackend'

const room = { room: 'a' }
const tsOf = (encoded: unknown) => decodeTimestamp(String(encoded)) ?? 0n

test('each transition starts where the one before ended, the first at zero', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  for (let index = 0; index < 20; index += 1)
    raw.mutate(index, 'messages:send', { ...room, text: `m${index}` })
  raw.subscribe(1, [{ queryId: 1, udfPath: 'messages:constant' }])
  await raw.until('MutationResponse', 20)
  await vi.waitFor(() => expect(transitions(raw).at(-1)?.endVersion.querySet).toBe(2))
  let version: object = { querySet: 0, ts: 'AAAAAAAAAAA=', identity: 0 }
  let ts = 0n
  for (const { startVersion, endVersion } of transitions(raw)) {
    expect(startVersion).toEqual(version)
    expect(tsOf(endVersion.ts)).toBeGreaterThanOrEqual(ts)
    ts = tsOf(endVersion.ts)
    version = endVersion
  }
})

test('a response comes before what it did is shown, and a transition at or after it follows', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  const texts = Array.from({ length: 100 }, (_, index) => `m${index}`)
  for (const [index, text] of texts.entries()) raw.mutate(index, 'messages:send', { ...room, text })
  await raw.until('MutationResponse', texts.length)
  await vi.waitFor(() => expect(transitions(raw).at(-1)?.modifications[0]?.value).toEqual(texts))

  const answered = new Set<string>()
  for (const message of raw.received) {
    if (message.type === 'MutationResponse') answered.add(texts[message.requestId as number] ?? '')
    if (message.type !== 'Transition') continue
    for (const { value } of (message as unknown as ReturnType<typeof transitions>[number]).modifications) {
      for (const text of value as string[]) expect(answered).toContain(text)
    }
  }
  const lastResponse = raw.of('MutationResponse').at(-1)
  expect(tsOf(transitions(raw).at(-1)?.endVersion.ts)).toBeGreaterThanOrEqual(tsOf(lastResponse?.ts))
})

test('a repeated request is answered as before, not run again, and followed by a transition', async () => {
  const { url, engine } = await startTestBackend()
  const first = await RawSocket.connect(url, 'same session')
  first.mutate(7, 'messages:send', { ...room, text: 'once' })
  await first.until('MutationResponse')
  first.socket.terminate()
  const second = await RawSocket.connect(url, 'same session')
  second.mutate(7, 'messages:send', { ...room, text: 'once' })
  const [again] = await second.until('MutationResponse')
  expect(again).toMatchObject({ success: true, result: 'ONCE' })
  await second.until('Transition')
  expect(tsOf(transitions(second).at(-1)?.endVersion.ts)).toBeGreaterThanOrEqual(tsOf(again?.ts))
  expect(engine.readTable('messages', { order: 'asc', cursor: null, numItems: 10 }).page).toHaveLength(1)

  const stranger = await RawSocket.connect(url, 'other session')
  stranger.mutate(7, 'messages:send', { ...room, text: 'once' })
  await stranger.until('MutationResponse')
  expect(engine.readTable('messages', { order: 'asc', cursor: null, numItems: 10 }).page).toHaveLength(2)
})

test('a failed mutation is answered with its error and without a timestamp', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.mutate(0, 'messages:send', { ...room, text: 'spam' })
  const [response] = await raw.until('MutationResponse')
  expect(response).toMatchObject({ success: false, errorData: { code: 'SPAM', text: 'spam' } })
  expect(response).not.toHaveProperty('ts')
})

test('a subscription that no commit touches is not shown again; one whose answer is unchanged is not sent', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [
    { queryId: 0, udfPath: 'messages:list', args: { room: 'other' } },
    { queryId: 1, udfPath: 'messages:constant' },
  ])
  await raw.until('Transition')
  raw.mutate(0, 'messages:send', { ...room, text: 'x' })
  await raw.until('Transition', 2)
  expect(
    transitions(raw)
      .slice(1)
      .flatMap(({ modifications }) => modifications),
  ).toEqual([])
})

test('a removed query is confirmed as removed', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 3, udfPath: 'messages:constant' }])
  await raw.until('Transition')
  const modifications = [{ type: 'Remove', queryId: 3 }]
  raw.say({ type: 'ModifyQuerySet', baseVersion: 1, newVersion: 2, modifications })
  await raw.until('Transition', 2)
  expect(transitions(raw)[1]?.modifications).toEqual([{ type: 'QueryRemoved', queryId: 3 }])
})

test('a page keeps its end while rows are added, also on a new connection with its journal', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  for (const text of ['1', '2', '3']) raw.mutate(Number(text), 'messages:send', { ...room, text })
  await raw.until('MutationResponse', 3)
  const args = { ...room, paginationOpts: { numItems: 2, cursor: null } }
  const query = { queryId: 0, udfPath: 'messages:page', args }
  raw.subscribe(0, [query])
  const pageOf = (socket: RawSocket) => {
    const shown = transitions(socket)
      .flatMap(({ modifications }) => modifications)
      .at(-1)
    const page = (shown?.value as { page: { text: string }[] } | undefined)?.page
    return { texts: page?.map(({ text }) => text), journal: shown?.journal }
  }
  await vi.waitFor(() => expect(pageOf(raw).texts).toEqual(['3', '2']))
  raw.mutate(4, 'messages:send', { ...room, text: '4' })
  await vi.waitFor(() => expect(pageOf(raw).texts).toEqual(['4', '3', '2']))

  const { journal } = pageOf(raw)
  expect(journal).toEqual(expect.any(String))
  const again = await RawSocket.connect(url, 'later')
  again.subscribe(0, [{ ...query, journal }])
  await vi.waitFor(() => expect(pageOf(again).texts).toEqual(['4', '3', '2']))
})

test('a client that has seen a later timestamp is not sent back before it', async () => {
  const { url, engine } = await startTestBackend()
  const raw = await RawSocket.open(url)
  const future = engine.latestTs() + 10n ** 15n
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(future)
  const maxObservedTimestamp = bytes.toString('base64')
  raw.say({ type: 'Connect', sessionId: 's', connectionCount: 1, lastCloseReason: 'x', maxObservedTimestamp })
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  await raw.until('Transition')
  expect(tsOf(transitions(raw)[0]?.endVersion.ts)).toBe(future)
  raw.mutate(0, 'messages:send', { ...room, text: 'still heard' })
  await vi.waitFor(() => expect(transitions(raw).at(-1)?.modifications[0]?.value).toEqual(['still heard']))
})

test('new functions re-run every subscription', async () => {
  const { url, engine } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  await raw.until('Transition')
  await engine.reload()
  await raw.until('Transition', 2)
})

test.each([
  ['no JSON', 'hello {'],
  ['an unknown type', JSON.stringify({ type: 'Dance' })],
  ['a query set without a version', JSON.stringify({ type: 'ModifyQuerySet', modifications: [] })],
  [
    'a call before Connect',
    JSON.stringify({ type: 'Mutation', requestId: 0, udfPath: 'messages:send', args: [] }),
  ],
])('%s is a fatal error for its sender alone', async (_what, frame) => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.open(url)
  raw.socket.send(frame)
  await raw.until('FatalError')
  expect(await raw.untilClosed()).toMatchObject({ code: 1002 })
  const other = await RawSocket.connect(url)
  other.subscribe(0, [{ queryId: 0, udfPath: 'messages:constant' }])
  await other.until('Transition')
})

test('a binary frame and a query set that builds on the wrong version end the connection', async () => {
  const { url } = await startTestBackend()
  const binary = await RawSocket.connect(url)
  binary.socket.send(Buffer.from([1, 2, 3]))
  await binary.untilClosed()
  const outOfStep = await RawSocket.connect(url)
  outOfStep.subscribe(5, [{ queryId: 0, udfPath: 'messages:constant' }])
  expect(await outOfStep.untilClosed()).toMatchObject({ reason: 'BaseVersionMismatch' })
})

test('arguments that do not fit are the answer of that call only', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [
    { queryId: 0, udfPath: 'messages:list', args: { room: 5 } },
    { queryId: 1, udfPath: 'nowhere:nothing' },
    { queryId: 2, udfPath: 'messages:constant' },
  ])
  await raw.until('Transition')
  const types = transitions(raw)[0]?.modifications.map(({ type }) => type)
  expect(types).toEqual(['QueryFailed', 'QueryFailed', 'QueryUpdated'])
})

test('a stopping server says goodbye', async () => {
  const backend = await startTestBackend()
  const raw = await RawSocket.connect(backend.url)
  await backend.close()
  expect(await raw.untilClosed()).toEqual({ code: 1001, reason: 'ServerStopping' })
})
