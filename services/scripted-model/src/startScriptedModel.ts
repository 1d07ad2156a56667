import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { chatRequestSchema } from './chatRequest'
import { playAsJson, playAsStream } from './play'
import { scriptFor } from './script'
import { isScriptedModelId, scriptedModels } from './scriptedModels'

export interface ScriptedModelServer {
  /** `http://127.0.0.1:<port>`, without `/v1`. */
  readonly url: string
  readonly port: number
  /** How many chat completions were asked for so far; with a model id, of that model. */
  requests(model?: string): number
  /** Breaks open answers off and frees the port. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts an OpenAI-compatible server on 127.0.0.1 whose behaviour is chosen by model id.
 * Rejects with the socket's error (`EADDRINUSE`) if the port cannot be had.
 */
export async function startScriptedModel(options: { port?: number } = {}): Promise<ScriptedModelServer> {
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    answer(request, response, counts).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')

  let closed: Promise<void> | undefined
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests: (model) =>
      model === undefined
        ? [...counts.values()].reduce((sum, count) => sum + count, 0)
        : (counts.get(model) ?? 0),
    close: () =>
      (closed ??= new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  counts: Map<string, number>,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0]
  if (request.method === 'GET' && path === '/v1/models') {
    const data = scriptedModels.map(({ id }) => ({ id, object: 'model', created: 0, owned_by: 'rollcall' }))
    json(response, 200, { object: 'list', data })
    return
  }
  if (request.method !== 'POST' || path !== '/v1/chat/completions') {
    refuse(response, 404, 'not_found', `No such route: ${request.method ?? ''} ${path ?? ''}`)
    return
  }

  const parsed = chatRequestSchema.safeParse(parseJson(await text(request)))
  if (!parsed.success) {
    refuse(response, 400, 'invalid_request', 'Not a chat completion request')
    return
  }
  const { model, stream } = parsed.data
  counts.set(model, (counts.get(model) ?? 0) + 1)
  if (!isScriptedModelId(model)) {
    refuse(response, 404, 'model_not_found', `No such model: ${model}`)
    return
  }

  const script = scriptFor(model, parsed.data)
  if (script.kind === 'refuse') {
    if (script.retryAfterMs !== undefined) response.setHeader('retry-after-ms', String(script.retryAfterMs))
    refuse(response, script.status, script.code, script.message)
    return
  }
  const streamOnly = script.steps.some((step) => step.do === 'hang' || step.do === 'cut' || step.do === 'raw')
  if (stream || streamOnly) return playAsStream(response, model, script.steps)
  json(response, 200, playAsJson(model, script.steps))
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { error: { message, code, type: code, param: null } })
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
