import { url as debuggerUrl } from 'node:inspector'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { LoopNote } from './LoopNote'

const BEAT_MS = 250

export interface WatchOrder {
  memory: SharedArrayBuffer
  /** How long the event loop may be held. */
  seconds: number
}

/**
 * Ends the process when something holds its event loop for too long: a function that loops for ever lets no timer and no signal through, so
 * only another thread can. Whoever started the program starts it again, and what was acknowledged is on the disk. A process that was
 * started with a debugger, which holds the loop on purpose, is not watched.
 */
export class LoopWatch {
  private readonly note = new LoopNote()

  constructor(private readonly seconds: number) {}

  /** Until the process ends. */
  start(logger: Logger): void {
    if (debuggerUrl() !== undefined) return
    setInterval(() => this.note.beat(), BEAT_MS).unref()
    const workerData: WatchOrder = { memory: this.note.memory, seconds: this.seconds }
    const thread = new Worker(join(import.meta.dirname, 'loopWatchThread.js'), { workerData })
    thread.unref()
    thread.once('error', (error) => {
      logger.error({ err: error, event: 'backend.unwatched' }, 'Nothing will end this process if it hangs')
    })
  }

  /** To be called with the path of each function before it runs: the one to name if it never lets go. */
  readonly began = (path: string): void => this.note.began(path)
}
