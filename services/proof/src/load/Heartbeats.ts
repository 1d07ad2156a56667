import { Agent, request } from 'node:http'
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import type { SeededWorker } from './seedFleet'

/** Connections that the beats share: workers hold one each, which one process could not. */
const CONNECTIONS = 64
/** What came up in so many milliseconds may be under way. */
const BEHIND_MS = 50

/**
 * The heartbeats of a whole fleet, evenly spread, sent whether or not the ones before were answered: a slow backend is not spared.
 * Latencies count from the moment at which a beat was due.
 */
export class Heartbeats {
  /** Nanoseconds. */
  readonly latencies: RecordableHistogram = createHistogram()
  failures = 0
  sent = 0
  // In turn: one that is idle for 5 s would be closed by the backend, perhaps in the moment of its next use.
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'fifo' })
  private timer: NodeJS.Timeout | undefined
  private underWay = new Set<Promise<void>>()

  constructor(
    private readonly url: string,
    private readonly fleet: readonly SeededWorker[],
    private readonly intervalMs: number,
  ) {}

  /** Whether more of them wait than are sent in a moment. */
  get areBehind(): boolean {
    return this.underWay.size > Math.max(CONNECTIONS, (BEHIND_MS * this.fleet.length) / this.intervalMs)
  }

  start(): void {
    const from = performance.now()
    const apartMs = this.intervalMs / this.fleet.length
    const send = () => {
      const due = Math.floor((performance.now() - from) / apartMs)
      for (; this.sent < due; this.sent += 1) {
        const beat = this.beat(this.sent, from + this.sent * apartMs)
        this.underWay.add(beat)
        void beat.finally(() => this.underWay.delete(beat))
      }
    }
    this.timer = setInterval(send, 1)
  }

  /** Sends no more, and waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all(this.underWay)
    this.agent.destroy()
  }

  private async beat(index: number, dueAt: number): Promise<void> {
    const worker = this.fleet[index % this.fleet.length]
    if (worker === undefined) throw new Error('the fleet is empty')
    const seq = 1 + Math.floor(index / this.fleet.length)
    const args = { credentials: { ...worker, epoch: 1 }, seq }
    const isCounted = await this.post({
      path: 'workers:heartbeat',
      args: [args],
      format: 'convex_encoded_json',
    })
    if (!isCounted) this.failures += 1
    this.latencies.record(Math.max(1, Math.round((performance.now() - dueAt) * 1e6)))
  }

  /** As the official HTTP client posts a mutation. Answers whether it was taken. Never rejects. */
  private post(body: object): Promise<boolean> {
    return new Promise((resolve) => {
      const text = JSON.stringify(body)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      const post = request(
        `${this.url}/api/mutation`,
        { method: 'POST', agent: this.agent, headers },
        (answer) => {
          let read = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => (read += chunk))
          answer.on('end', () => resolve(read.includes('"counted"')))
          answer.on('error', () => resolve(false))
        },
      )
      post.on('error', () => resolve(false))
      post.end(text)
    })
  }
}
