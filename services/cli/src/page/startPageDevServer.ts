import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { withinTime } from '@rollcall/worker/within-time'
import * as z from 'zod'
import { paths } from '../paths'
import { UsageError } from '../errors'

const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 3_000

const hello = z.object({ url: z.url() })

export interface PageDevServer {
  url: string
  /** Rejects never; resolves when its process is gone. */
  close(): Promise<void>
}

/** Starts Vite in a process of its own that ends with this one. Throws `UsageError` if it does not come up. */
export async function startPageDevServer(signal: AbortSignal): Promise<PageDevServer> {
  const child = spawn(process.execPath, [paths.devServerProgram], { stdio: ['ignore', 2, 2, 'ipc'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = async () => {
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await gone
    clearTimeout(timer)
  }
  try {
    const waiting = withinTime(START_TIMEOUT_MS, signal)
    const [message] = (await Promise.race([
      once(child, 'message', { signal: waiting }),
      gone.then(() => [undefined]),
    ])) as [unknown]
    const parsed = hello.safeParse(message)
    if (!parsed.success) throw new UsageError(['The page’s dev server did not start; see above.'], 1)
    return { url: parsed.data.url, close }
  } catch (error) {
    await close()
    throw error
  }
}
