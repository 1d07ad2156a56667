/**
 * Loads and shows, again and again while the tab is seen, until `signal` is aborted. What fails is told to `failed`, and tried
 * again. A `load` that waits for news by itself has an `everyMs` of 0.
 */
export async function poll({ load, show, failed, everyMs, signal }) {
  const retryMs = Math.max(everyMs, 2_000)
  while (!signal.aborted) {
    let waitMs = everyMs
    try {
      show(await load())
    } catch (error) {
      if (signal.aborted) return
      waitMs = retryMs
      failed(error)
    }
    await pause(waitMs, signal)
    await untilSeen(signal)
  }
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

function untilSeen(signal) {
  if (!document.hidden) return undefined
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return
      document.removeEventListener('visibilitychange', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
    signal.addEventListener('abort', look, { once: true })
  })
}
