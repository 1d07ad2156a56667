// @ts-check
/**
 * As much of opencode as a worker talks to, in a process that starts at once and is small: sessions in memory, and one model that
 * answers `say: <words> <id>` with so many words. Each prompt is one line in the file named by LIGHT_PROMPTS. The shapes are those of
 * opencode 1.18.33. `lightOpencode.js serve --hostname=127.0.0.1 --port=N`.
 */
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const WORD_MS = 60
const HEARTBEAT_MS = 10_000

/** @typedef {{ info: any, parts: any[] }} Message */
/** @typedef {{ info: any, messages: Message[], abort?: () => void }} Session */

/** @type {Map<string, Session>} */
const sessions = new Map()
/** @type {Set<import('node:http').ServerResponse>} */
const listeners = new Set()
let made = 0
const boot = process.hrtime.bigint().toString(36)

/** @param {string} prefix */
const newId = (prefix) => `${prefix}_${boot}${String((made += 1)).padStart(6, '0')}`

/** @param {string} type @param {object} properties */
function tell(type, properties) {
  const line = `data: ${JSON.stringify({ id: newId('evt'), type, properties })}\n\n`
  for (const listener of listeners) listener.write(line)
}

/** @param {Session} session @param {{ id?: string, text: string }} asked */
async function answer(session, asked) {
  const { id: sessionID } = session.info
  const questionId = newId('msg')
  const user = {
    info: { id: questionId, sessionID, role: 'user', time: { created: Date.now() } },
    parts: [
      { id: asked.id ?? newId('prt'), sessionID, messageID: questionId, type: 'text', text: asked.text },
    ],
  }
  session.messages.push(user)
  tell('message.updated', { sessionID, info: user.info })
  tell('message.part.updated', { sessionID, part: user.parts[0] })
  tell('session.status', { sessionID, status: { type: 'busy' } })
  /** @type {any} */
  const info = {
    ...{ id: newId('msg'), sessionID, role: 'assistant', parentID: user.info.id, cost: 0 },
    ...{ modelID: 'light', providerID: 'light', mode: 'build', time: { created: Date.now() } },
    tokens: { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } },
  }
  const part = { id: newId('prt'), sessionID, messageID: info.id, type: 'text', text: '' }
  const message = { info, parts: [{ ...part }] }
  session.messages.push(message)
  tell('message.updated', { sessionID, info })
  tell('message.part.updated', { sessionID, part })
  const count = Number(/^say: (\d+)/.exec(asked.text)?.[1] ?? 1)
  let said = ''
  let isAborted = false
  /** @type {Promise<void>} */
  const aborted = new Promise((resolve) => {
    session.abort = () => {
      isAborted = true
      resolve()
    }
  })
  for (let word = 1; word <= count && !isAborted; word += 1) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, WORD_MS)), aborted])
    if (isAborted) break
    const delta = `${word > 1 ? ' ' : ''}word${word}`
    said += delta
    tell('message.part.delta', { sessionID, messageID: info.id, partID: part.id, field: 'text', delta })
  }
  delete session.abort
  info.time.completed = Date.now()
  if (isAborted) {
    info.error = { name: 'MessageAbortedError', data: { message: 'Aborted' } }
    tell('session.error', { sessionID, error: info.error })
  } else info.finish = 'stop'
  message.parts = [{ ...part, text: said }]
  tell('message.part.updated', { sessionID, part: message.parts[0] })
  tell('message.updated', { sessionID, info })
  tell('session.status', { sessionID, status: { type: 'idle' } })
  tell('session.idle', { sessionID })
}

/**
 * @param {string} method
 * @param {string} path
 * @param {any} body
 * @returns {{ status?: number, body?: unknown }}
 */
function handle(method, path, body) {
  const [, first, id = '', what] = path.split('/')
  if (path === '/global/health') return { body: { healthy: true, version: 'light' } }
  if (path === '/global/dispose') {
    for (const { abort } of sessions.values()) abort?.()
    return { body: true }
  }
  if (path === '/config') return { body: {} }
  if (path === '/config/providers') return { body: { providers: [], default: {} } }
  if (path === '/permission' || path === '/question') return { body: [] }
  if (path === '/session/status') {
    const busy = [...sessions.values()].filter(({ abort }) => abort)
    return { body: Object.fromEntries(busy.map(({ info }) => [info.id, { type: 'busy' }])) }
  }
  if (path === '/session' && method === 'POST') {
    const info = { id: newId('ses'), title: body?.title ?? '', time: { created: Date.now() } }
    sessions.set(info.id, { info, messages: [] })
    return { body: info }
  }
  const session = first === 'session' ? sessions.get(id) : undefined
  if (session === undefined) return { status: 404, body: { name: 'NotFoundError', data: { message: path } } }
  if (what === undefined) return { body: session.info }
  if (what === 'message') return { body: session.messages }
  if (what === 'abort') {
    session.abort?.()
    return { body: true }
  }
  if (what === 'prompt_async') {
    const asked = { id: body?.parts?.[0]?.id, text: String(body?.parts?.[0]?.text ?? '') }
    appendFileSync(process.env.LIGHT_PROMPTS ?? '', `${asked.text}\n`)
    setImmediate(() => void answer(session, asked))
    return { status: 204 }
  }
  return { status: 404, body: { name: 'NotFoundError', data: { message: path } } }
}

const server = createServer((request, response) => {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  if (path === '/event') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    listeners.add(response)
    response.on('close', () => listeners.delete(response))
    tell('server.connected', {})
    return
  }
  void text(request).then((sent) => {
    const { status = 200, body } = handle(
      request.method ?? 'GET',
      path,
      sent === '' ? undefined : JSON.parse(sent),
    )
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
})
setInterval(() => tell('server.heartbeat', {}), HEARTBEAT_MS)
const port = Number(
  /^--port=(\d+)$/.exec(process.argv.find((word) => word.startsWith('--port=')) ?? '')?.[1] ?? 0,
)
server.listen(port, '127.0.0.1', () => {
  const address = server.address()
  const at = typeof address === 'object' && address !== null ? address.port : port
  process.stdout.write(`opencode server listening on http://127.0.0.1:${at}\n`)
})
