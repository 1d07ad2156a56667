import { isHousekeeping, lastUserText, offersTool, toolResult, type ChatRequest } from './chatRequest'
import type { ScriptedModelId } from './scriptedModels'

/** One thing the server does while it answers, in order. */
export type Step =
  | { do: 'text' | 'reasoning'; text: string; thenWaitMs: number }
  /** As `text`, in an event whose bytes arrive a few at a time. */
  | { do: 'shreds'; text: string }
  | { do: 'tool'; name: string; arguments: string }
  | { do: 'finish'; reason: 'stop' | 'tool_calls' }
  | { do: 'raw'; line: string }
  | { do: 'cut' }
  | { do: 'hang' }

/** What happens to a request: an HTTP error, or a stream of steps. */
export type Script =
  | { kind: 'refuse'; status: number; code: string; message: string; retryAfterMs?: number }
  | { kind: 'answer'; steps: Step[] }

const slowWords = 600
const longBytes = 100_000
/** Characters of one to four bytes, of one or two code units, joined ones, from right to left, of no width. */
const unicodeText = 'Grüße, 世界! 👩🏽‍💻🏳️‍🌈 e\u0301 שלום \u200b𝄞\u202e\ufeff ½ — “fin”. '.repeat(4)
const finish: Step = { do: 'finish', reason: 'stop' }

/** Chooses what to do with a request. Pure: the same request always gets the same script. */
export function scriptFor(id: ScriptedModelId, request: ChatRequest): Script {
  if (isHousekeeping(request)) return answer(...words(titleOf(lastUserText(request)), 0), finish)
  switch (id) {
    case 'ok':
      return answer(...words(friendlyAnswer(lastUserText(request)), 40), finish)
    case 'slow':
      return answer(...words(counting(wordsAskedFor(request) ?? slowWords), 200), finish)
    case 'long':
      return answer(...pieces(filler(longBytes)), finish)
    case 'unicode':
      return answer(...[...unicodeText.matchAll(/[\s\S]{1,7}/g)].map(([text]) => shreds(text)), finish)
    case 'reasoning':
      return answer(
        ...words('First I think about the question, then about how to put it.', 20, 'reasoning'),
        ...words('Having thought about it: yes.', 20),
        finish,
      )
    case 'tool':
      return toolScript(request)
    case 'hang':
      return answer({ do: 'hang' })
    case 'e401':
      return { kind: 'refuse', status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' }
    case 'e429':
      return {
        kind: 'refuse',
        status: 429,
        code: 'rate_limit_exceeded',
        message: 'Rate limit reached. Try again later.',
        retryAfterMs: 100,
      }
    case 'e500':
      return {
        kind: 'refuse',
        status: 500,
        code: 'server_error',
        message: 'The server had an error.',
        retryAfterMs: 100,
      }
    case 'cut':
      return answer(...words('This answer is about to be ', 20), { do: 'cut' })
    case 'eof':
      return answer(...words('This answer has no end', 10))
    case 'malformed':
      return answer(...words('Before the garbage. ', 10), {
        do: 'raw',
        line: 'data: {"id": "broken, "choices": [',
      })
    default:
      return id satisfies never
  }
}

function answer(...steps: Step[]): Script {
  return { kind: 'answer', steps }
}

function words(text: string, thenWaitMs: number, kind: 'text' | 'reasoning' = 'text'): Step[] {
  const pieces = text.match(/\s*\S+\s*$|\s*\S+/g) ?? []
  return pieces.map((piece) => ({ do: kind, text: piece, thenWaitMs }))
}

/** Cut anywhere, in the middle of a character as well: `text` may begin or end with half of one. */
function shreds(text: string): Step {
  return { do: 'shreds', text }
}

/** As fast as a provider that sends a lot at once. */
function pieces(text: string): Step[] {
  return [...text.matchAll(/[\s\S]{1,200}/g)].map(([piece]) => ({ do: 'text', text: piece, thenWaitMs: 0 }))
}

function friendlyAnswer(question: string): string {
  const asked = question.trim().replaceAll(/\s+/g, ' ')
  const quoted = asked.length > 120 ? `${asked.slice(0, 120)}…` : asked
  return [
    quoted === '' ? 'Hello!' : `You wrote: “${quoted}”.`,
    'I am a scripted model on this machine, so I need no key and no network, and I know nothing.',
    'Everything between you and me is real, though: the page, the backend, the worker and opencode.',
  ].join(' ')
}

function toolScript(request: ChatRequest): Script {
  const asked = lastUserText(request)
  const other = /^(\S+)\s+(\{.*\})$/.exec(lineOf(asked, 'call') ?? '')
  const result = toolResult(request)
  if (result !== undefined) {
    return answer(...words(`The ${other ? 'tool' : 'command'} said: ${result.trim()}`, 10), finish)
  }
  // Whether it was offered or not: models do that.
  if (other) {
    const [, name = '', input = ''] = other
    return answer({ do: 'tool', name, arguments: input }, { do: 'finish', reason: 'tool_calls' })
  }
  if (!offersTool(request, 'bash')) return answer(...words('I was given no bash tool to call.', 10), finish)
  const command = lineOf(asked, 'run') ?? "echo 'hello from the bash tool'"
  const call = JSON.stringify({ command, description: 'Runs what was asked for' })
  const before = words(lineOf(asked, 'say') ?? '', 10)
  return answer(
    ...before,
    { do: 'tool', name: 'bash', arguments: call },
    { do: 'finish', reason: 'tool_calls' },
  )
}

function wordsAskedFor(request: ChatRequest): number | undefined {
  const count = Number(lineOf(lastUserText(request), 'words') ?? NaN)
  return Number.isInteger(count) && count > 0 ? Math.min(count, slowWords) : undefined
}

/** What follows `word:` at the beginning of a line. */
function lineOf(text: string, word: 'run' | 'call' | 'say' | 'words'): string | undefined {
  return new RegExp(`^${word}:(.*)$`, 'm').exec(text)?.[1]?.trim()
}

function titleOf(text: string): string {
  return text.trim().split(/\s+/).slice(0, 6).join(' ') || 'Untitled'
}

function counting(count: number): string {
  return Array.from({ length: count }, (_, index) => `word${index + 1}`).join(' ')
}

/** Numbered lines, so that a lost or doubled piece is visible. */
function filler(bytes: number): string {
  const lines: string[] = []
  for (let size = 0; size < bytes; size += 80)
    lines.push(`Line ${lines.length + 1} of a long answer, ${'-'.repeat(50)}`)
  return lines.join('\n')
}
