import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  scriptedProviderConfig,
  startScriptedModel,
  type ScriptedModelServer,
} from '@rollcall/scripted-model'
import { pino } from 'pino'
import {
  createMarker,
  hermeticOpencodeEnv,
  startOpencode,
  type Opencode,
} from '../../../src/infrastructure/opencode'
import { findMarked } from '../../../src/infrastructure/opencode/markedProcesses'
import type { StartOpencodeOptions } from '../../../src/infrastructure/opencode'
import { emptyCatalog } from '../emptyCatalog'

export const quiet = pino({ level: 'silent' })

/** A folder of its own with everything that a hermetic opencode needs; `remove` deletes it. */
export interface Sandbox {
  home: string
  options: StartOpencodeOptions
  model: ScriptedModelServer
  remove(): Promise<void>
}

/** `hasCatalog`: opencode has its own catalog of models besides those of the configuration, as people have it. */
export async function createSandbox({ hasCatalog = false } = {}): Promise<Sandbox> {
  const home = await mkdtemp(join(tmpdir(), 'rollcall-opencode-'))
  const directory = join(home, 'work')
  await mkdir(directory)
  const model = await startScriptedModel()
  return {
    home,
    model,
    options: {
      directory,
      marker: createMarker('worker'),
      env: { ...(await hermeticOpencodeEnv(home)), ...(!hasCatalog && emptyCatalog) },
      config: hermeticConfig(model.url),
      logger: quiet,
    },
    remove: async () => {
      await model.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export function hermeticConfig(modelUrl: string): Record<string, unknown> {
  return { snapshot: false, lsp: false, formatter: false, ...scriptedProviderConfig(modelUrl) }
}

/** The living processes that carry exactly this marker, or are descendants of such. */
export function marked(marker: string): number[] {
  return findMarked((text) => text === marker)
}

export interface Answer {
  outcome: Awaited<ReturnType<Opencode['prompt']>>
  text: string
  deltas: string[]
}

/** Runs one prompt; `onText` sees the text so far. */
export async function ask(
  opencode: Opencode,
  options: {
    model: string
    text?: string
    sessionId?: string
    signal?: AbortSignal
    onText?: (text: string) => void
  },
): Promise<Answer> {
  const sessionId = options.sessionId ?? (await opencode.createSession({ title: 'A test' })).id
  const deltas: string[] = []
  const outcome = await opencode.prompt({
    sessionId,
    model: `scripted/${options.model}`,
    text: options.text ?? 'Is anybody there?',
    signal: options.signal ?? new AbortController().signal,
    onText: (delta) => {
      deltas.push(delta)
      options.onText?.(deltas.join(''))
    },
  })
  return { outcome, deltas, text: deltas.join('') }
}

/** The commands of the marked processes, as `/proc` has them. */
export function commands(marker: string): string[] {
  return marked(marker).map((pid) => commandOf(pid))
}

/** The pid of the marked process whose command matches. */
export function pidOf(marker: string, command: RegExp): number | undefined {
  return marked(marker).find((pid) => command.test(commandOf(pid)))
}

/** Polls until `read` gives something else than undefined or false; throws after `withinMs`. */
export async function eventually<T>(read: () => T | undefined | false, withinMs = 30_000): Promise<T> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const value = read()
    if (value !== undefined && value !== false) return value
    if (Date.now() > giveUpAt) throw new Error(`Did not happen within ${withinMs} ms: ${read.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

export { startOpencode }
