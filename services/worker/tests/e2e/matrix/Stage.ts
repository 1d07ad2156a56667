import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { api } from '@rollcall/backend/api'
import type { Doc, Id } from '@rollcall/backend/dataModel'
import { startScriptedModel, type ScriptedModelServer } from '@rollcall/scripted-model'
import type { ConvexHttpClient } from 'convex/browser'
import { expect, vi } from 'vitest'
import { TestBackend, until, type TestWorker } from '../../setup'
import { FlakyProxy } from '../FlakyProxy'
import { WorkerProcess } from '../WorkerProcess'
import { cases, trapped, type Case } from './cases'

const stubbornMcp = fileURLToPath(new URL('../programs/stubbornMcp.js', import.meta.url))
const stubbornCommand = /\bstubbornMcp\.js$/
const running: readonly Doc<'messages'>['status'][] = ['queued', 'claimed', 'streaming']
/** The last chat has one more message, which waits for the first to be answered. */
const waitingPrompt = 'words: 3'

/**
 * Everything for one column of the matrix: a backend that can be restarted, a network that can be cut, a worker with the real
 * opencode, an MCP server that nothing ends, and a chat for every case. Must be disposed.
 */
export class Stage {
  readonly chats = new Map<Case, Id<'sessions'>>()
  waiting: Id<'sessions'> | undefined
  worker: WorkerProcess
  #textAt = new Map<Id<'messages'>, string>()

  private constructor(
    private readonly dataDir: string,
    readonly backend: TestBackend,
    readonly network: FlakyProxy,
    private readonly model: ScriptedModelServer,
    private readonly made: TestWorker,
    readonly owner: ConvexHttpClient,
    worker: WorkerProcess,
  ) {
    this.worker = worker
  }

  static async set(): Promise<Stage> {
    const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-matrix-'))
    const backend = await TestBackend.start({ dataDir })
    const network = await FlakyProxy.to(backend.url, { delayMs: 0 })
    const model = await startScriptedModel()
    const made = await backend.makeWorker()
    const worker = await startWorker(network, made, model)
    const stage = new Stage(dataDir, backend, network, model, made, await backend.owner(), worker)
    await worker.event('worker.ready')
    return stage
  }

  /** Asks every case at once, and waits until each that does not end by itself is under way. */
  async ask(): Promise<void> {
    for (const row of cases) {
      this.chats.set(row, await this.backend.chat(this.made, `scripted/${row.model}`, row.prompt))
    }
    this.waiting = await this.backend.chat(this.made, 'scripted/slow', 'words: 35', waitingPrompt)
    await this.worker.processNamed(trapped.command)
    await this.worker.processNamed(stubbornCommand)
    await until('the hanging model is asked', () => this.model.requests('hang') === 1)
    await until('streaming', () =>
      this.answers.some(({ status, text }) => status === 'streaming' && text !== ''),
    )
  }

  /** What was asked in a chat that was busy, to be answered afterwards. */
  get waitingAnswer(): Doc<'messages'> | undefined {
    return this.answers.filter(({ sessionId }) => sessionId === this.waiting)[1]
  }

  get answers(): Doc<'messages'>[] {
    return this.backend.rows('messages').filter(({ role }) => role === 'assistant')
  }

  answer(row: Case): Doc<'messages'> | undefined {
    return this.answers.find(({ sessionId }) => sessionId === this.chats.get(row))
  }

  get workerRow(): Doc<'workers'> {
    return this.backend.worker(this.made)
  }

  /** Remembers what is stored now: none of it may be missing later. */
  noteTexts(): void {
    this.#textAt = new Map(this.answers.map(({ _id, text }) => [_id, text]))
  }

  stop(answer: Doc<'messages'>): Promise<unknown> {
    return this.owner.mutation(api.chat.stop, { messageId: answer._id })
  }

  /** Resolves when every case has ended that ends by itself, and what waited is answered. */
  async untilSettled(): Promise<void> {
    await vi.waitFor(() => expect(this.unsettled).toEqual([]), { timeout: 60_000, interval: 100 })
  }

  private get unsettled(): string[] {
    const wanted = cases.filter(({ ends }) => ends !== 'endless').map((row) => this.answer(row))
    return [...wanted, this.waitingAnswer].filter(isRunning).map((answer) => JSON.stringify(answer))
  }

  /** Stops the worker, if it still runs, and has another process of it answer what waits; then nothing of it may be left. */
  async finish(): Promise<void> {
    if (this.workerRow.status === 'online') this.worker.signal('SIGTERM')
    await this.worker.exited
    await until('nothing left', () => this.worker.processes().length === 0)
    if (!this.answers.some(({ status }) => status === 'queued')) return
    const next = await startWorker(this.network, this.made, this.model)
    await this.worker.dispose()
    this.worker = next
    await until('all answered', () => !this.answers.some(isRunning), 30_000)
    next.signal('SIGTERM')
    await next.exited
    await until('nothing left', () => next.processes().length === 0)
  }

  /** What is wrong with the answers, as sentences; none if all is well. */
  async faults(): Promise<string[]> {
    const wrong: string[] = []
    for (const answer of this.answers) {
      if (isRunning(answer)) wrong.push(`${answer._id} is still ${answer.status}`)
      const before = this.#textAt.get(answer._id) ?? ''
      if (!answer.text.startsWith(before)) wrong.push(`${answer._id} has lost text`)
    }
    const questions = this.backend.rows('messages').filter(({ role }) => role === 'user')
    for (const { _id, text } of questions) {
      const given = this.answers.filter(({ answers }) => answers === _id)
      if (given.length !== 1) wrong.push(`“${text}” has ${given.length} answers`)
    }
    wrong.push(...this.askedTooOften())
    for (const row of cases) wrong.push(...(await this.faultsOf(row)))
    return wrong
  }

  private askedTooOften(): string[] {
    const most = new Map<string, number>([['slow', 2]])
    for (const { model, requests } of cases) most.set(model, (most.get(model) ?? 0) + requests)
    return [...most].flatMap(([model, count]) => {
      const asked = this.model.requests(model)
      return asked > count ? [`${model} was asked ${asked} times`] : []
    })
  }

  async dispose(): Promise<void> {
    await this.worker.dispose()
    await this.network.close()
    await this.model.close()
    await this.backend.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  private async faultsOf(row: Case): Promise<string[]> {
    const answer = this.answer(row)
    if (answer === undefined) return [`${row.name} has no answer`]
    const wrong: string[] = []
    if (answer.status === 'completed' && row.ends !== 'completed') wrong.push(`${row.name} is completed`)
    if (answer.status === 'failed' && row.ends !== 'failed') wrong.push(`${row.name} failed: ${answer.cause}`)
    if (answer.status !== 'completed' && !answer.cause) wrong.push(`${row.name} does not say why`)
    if (answer.status === 'failed' && row.cause?.test(answer.cause ?? '') === false) {
      wrong.push(`${row.name} failed because: ${answer.cause}`)
    }
    if (row.ends === 'completed' && row.model !== 'tool') {
      const whole = await this.wholeText(row)
      const isRight = answer.status === 'completed' ? answer.text === whole : whole.startsWith(answer.text)
      if (!isRight) wrong.push(`${row.name} (${answer.status}) says “${answer.text.slice(0, 80)}…”`)
    }
    return wrong
  }

  /** What the model says to it, from the model itself, asked after everything else. */
  private async wholeText({ model, prompt }: Case): Promise<string> {
    const response = await fetch(`${this.model.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model, stream: false, messages: [{ role: 'user', content: prompt }] }),
    })
    const body = (await response.json()) as { choices: { message: { content: string } }[] }
    return body.choices[0]?.message.content ?? ''
  }
}

export function isRunning(answer: Doc<'messages'> | undefined): boolean {
  return answer === undefined || running.includes(answer.status)
}

function startWorker(
  network: FlakyProxy,
  made: TestWorker,
  model: ScriptedModelServer,
): Promise<WorkerProcess> {
  return WorkerProcess.start({
    url: network.url,
    token: made.token,
    modelUrl: model.url,
    opencode: { mcp: { stubborn: { type: 'local', command: [process.execPath, stubbornMcp] } } },
  })
}
