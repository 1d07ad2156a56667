import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { Step } from './script'

const shredBytes = 3

/** Streams the steps as server-sent events in OpenAI's format. Resolves when the answer or its client has ended. */
export async function playAsStream(
  response: ServerResponse,
  model: string,
  steps: readonly Step[],
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  for (const step of steps) {
    if (gone.signal.aborted) return
    switch (step.do) {
      case 'text':
        await send(response, model, { content: step.text }, gone.signal)
        await pause(step.thenWaitMs, gone.signal)
        break
      case 'shreds':
        await sendInShreds(response, model, step.text, gone.signal)
        break
      case 'reasoning':
        await send(response, model, { reasoning_content: step.text }, gone.signal)
        await pause(step.thenWaitMs, gone.signal)
        break
      case 'tool':
        await send(response, model, { tool_calls: [toolCall(step)] }, gone.signal)
        break
      case 'finish':
        await send(response, model, {}, gone.signal, step.reason)
        await write(response, 'data: [DONE]\n\n', gone.signal)
        break
      case 'raw':
        await write(response, `${step.line}\n\n`, gone.signal)
        break
      case 'cut':
        response.socket?.resetAndDestroy()
        return
      case 'hang':
        await new Promise<void>((resolve) => gone.signal.addEventListener('abort', () => resolve()))
        return
      default:
        step satisfies never
    }
  }
  response.end()
}

/** The same steps as one JSON answer, without their pauses. */
export function playAsJson(model: string, steps: readonly Step[]): Record<string, unknown> {
  const text = steps.map((step) => (step.do === 'text' || step.do === 'shreds' ? step.text : '')).join('')
  const calls = steps.flatMap((step) => (step.do === 'tool' ? [toolCall(step)] : []))
  const end = steps.find((step) => step.do === 'finish')
  return {
    ...envelope(model),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, ...(calls.length > 0 && { tool_calls: calls }) },
        finish_reason: end?.reason ?? null,
      },
    ],
    usage,
  }
}

const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 }

function envelope(model: string): Record<string, unknown> {
  return { id: 'chatcmpl-scripted', created: Math.floor(Date.now() / 1000), model }
}

function toolCall(step: Extract<Step, { do: 'tool' }>): Record<string, unknown> {
  const id = `call_${Date.now().toString(36)}`
  return { index: 0, id, type: 'function', function: { name: step.name, arguments: step.arguments } }
}

async function send(
  response: ServerResponse,
  model: string,
  delta: Record<string, unknown>,
  gone: AbortSignal,
  finishReason: string | null = null,
): Promise<void> {
  await write(response, event(model, delta, finishReason), gone)
}

async function sendInShreds(
  response: ServerResponse,
  model: string,
  text: string,
  gone: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(event(model, { content: text }, null))
  for (let at = 0; at < bytes.length && !gone.aborted; at += shredBytes) {
    await write(response, bytes.subarray(at, at + shredBytes), gone)
    // Each on its way before the next: together they would arrive as one.
    await nextTurn()
  }
}

function event(model: string, delta: Record<string, unknown>, finishReason: string | null): string {
  const chunk = {
    ...envelope(model),
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finishReason }],
    ...(finishReason !== null && { usage }),
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

/** Honours back-pressure, so that `long` cannot fill the memory for a client that does not read. */
async function write(response: ServerResponse, text: string | Uint8Array, gone: AbortSignal): Promise<void> {
  if (gone.aborted || response.write(text)) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      gone.removeEventListener('abort', done)
      resolve()
    }
    response.on('drain', done)
    gone.addEventListener('abort', done)
  })
}

async function pause(ms: number, gone: AbortSignal): Promise<void> {
  if (ms === 0 || gone.aborted) return
  await wait(ms, undefined, { signal: gone }).catch((error: unknown) => {
    if (!gone.aborted) throw error
  })
}
