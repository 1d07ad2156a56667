import type { AdminApi } from '../backend/AdminApi'
import { explainUnanswered, findDeployment } from '../backend/findDeployment'
import type { Config } from '../config'
import type { UsageError } from '../errors'
import { changeKey, isAnyOnline, type Fleet } from '../status/Fleet'
import { fetchFleet } from '../status/fetchFleet'
import { renderFleet } from '../status/renderFleet'
import { watchFleet } from '../status/watchFleet'
import { complain, hasColours, say } from '../terminal'

export interface StatusContext {
  config: Config
  json: boolean
  watch: boolean
  stop: AbortSignal
}

const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J'
/** How often the times on the screen are brought up to date. */
const REDRAW_MS = 1_000

/** Prints the fleet. Answers 0 if a machine is online or the watching was ended, 1 if none is. Throws `UsageError`. */
export async function status(context: StatusContext): Promise<number> {
  const api = await findDeployment(context.config, 'statuses are unknown')
  const fleet = await fetchFleet(api).catch((error: unknown) => {
    throw unanswered(api, error)
  })
  if (context.watch) return await watch(api, context)
  say(context.json ? JSON.stringify(fleet) : draw(fleet))
  return isAnyOnline(fleet) ? 0 : 1
}

function unanswered(api: AdminApi, error: unknown): UsageError {
  return explainUnanswered(api, error, 'The statuses are unknown')
}

async function watch(api: AdminApi, { json, stop }: StatusContext): Promise<number> {
  let latest: { fleet: Fleet; key: string } | undefined
  let connected = true
  const redraw = () => {
    if (json || latest === undefined) return
    const note = connected ? '' : '\n\nConnection lost. Statuses are as last known.'
    say(`${process.stdout.isTTY ? CLEAR_SCREEN : ''}${draw(latest.fleet)}${note}`)
  }
  return await new Promise<number>((resolve, reject) => {
    const unwatch = watchFleet(api, {
      onFleet: (fleet) => {
        const key = changeKey(fleet)
        const changed = key !== latest?.key
        latest = { fleet, key }
        if (!changed) return
        if (json) say(JSON.stringify(fleet))
        else redraw()
      },
      onConnection: (now) => {
        if (now === connected) return
        connected = now
        if (json) complain(now ? 'Connected again.' : 'Connection lost. Statuses are as last known.')
        else redraw()
      },
      onError: (error) => end(() => reject(unanswered(api, error))),
    })
    const timer = process.stdout.isTTY ? setInterval(redraw, REDRAW_MS) : undefined
    const end = (settle: () => void) => {
      clearInterval(timer)
      void unwatch().finally(settle)
    }
    if (stop.aborted) end(() => resolve(0))
    else stop.addEventListener('abort', () => end(() => resolve(0)), { once: true })
  })
}

function draw(fleet: Fleet): string {
  return renderFleet(fleet, { now: Date.now(), colours: hasColours() })
}
