/** Work that is done without a pause; milliseconds. Then whatever else has come meanwhile has its turn. */
const SLICE_MS = 4

/**
 * Runs tasks that only compute, in their order, in slices: a thousand queries of a page that is opened do not keep everybody else
 * waiting until the last of them is done. A task that waits for something is not waited for.
 */
export class Turns {
  private readonly queue: (() => Promise<unknown>)[] = []
  private isRunning = false

  /** Resolves or rejects as `task` does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.queue.push(() => task().then(resolve, reject))
      if (this.isRunning) return
      this.isRunning = true
      void this.work()
    })
  }

  private async work(): Promise<void> {
    let pause = performance.now() + SLICE_MS
    for (let task = this.queue.shift(); task; task = this.queue.shift()) {
      const isDone = await Promise.race([task().then(() => true), nextTurn()])
      if (isDone && performance.now() < pause) continue
      if (isDone) await nextTurn()
      pause = performance.now() + SLICE_MS
    }
    this.isRunning = false
  }
}

/** When the event loop has been round. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
