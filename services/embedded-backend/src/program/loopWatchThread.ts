/** The thread of `LoopWatch`. */
import { isatty } from 'node:tty'
import { workerData } from 'node:worker_threads'
import { LoopNote } from './LoopNote'
import type { WatchOrder } from './LoopWatch'

const SECOND_MS = 1_000
const STDOUT = 1

const { memory, seconds } = workerData as WatchOrder
const note = new LoopNote(memory)
let { beats } = note
let heldFor = 0

// Counted, not measured: after a pause of the whole process, or a sleep of the machine, only one second is missing.
const watching = setInterval(() => {
  heldFor = note.beats === beats ? heldFor + 1 : 0
  beats = note.beats
  if (heldFor < seconds) return
  clearInterval(watching)
  void sayWhy().finally(() => process.kill(process.pid, 'SIGKILL'))
}, SECOND_MS)

async function sayWhy(): Promise<void> {
  // Takes its memory only now.
  const { createLogger } = await import('./createLogger')
  const path = note.latest
  createLogger(process.env, isatty(STDOUT)).fatal(
    { event: 'backend.held', function: path, seconds },
    `${path || 'Something'} let nothing else run for ${seconds} s: this process ends`,
  )
}
