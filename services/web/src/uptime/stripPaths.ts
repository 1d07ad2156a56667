import type { Step } from './stepsOf'

/** As what a step is drawn: `trouble` if it was crashed or lost for any time, else what lasted longer, `online` or `stopped`. */
type Look = 'trouble' | 'online' | 'stopped'

/** Pixels: trouble stands out even if it was short, health is a low line, stopped on purpose a thin one. */
const LOWEST_TROUBLE = 6
const ONLINE = 2
const STOPPED = 1

/** Undefined for a step of which nothing is known. */
function lookOf({ online, crashed, lost, stopped }: Step): Look | undefined {
  if (crashed + lost > 0) return 'trouble'
  if (online + stopped === 0) return undefined
  return online >= stopped ? 'online' : 'stopped'
}

/** The pixels that a step is high in a strip of this height; trouble by its share of the step. */
function heightOf(look: Look, step: Step, height: number): number {
  switch (look) {
    case 'trouble': {
      const { online, crashed, lost, stopped, unknown } = step
      const share = (crashed + lost) / (online + crashed + lost + stopped + unknown)
      return LOWEST_TROUBLE + Math.round(share * (height - LOWEST_TROUBLE))
    }
    case 'online':
      return ONLINE
    case 'stopped':
      return STOPPED
    default:
      return look satisfies never
  }
}

/** One SVG path for each look, on the ground of a box that is as wide as there are steps; empty where there is none. */
export function stripPaths(steps: readonly Step[], height: number): Record<Look, string> {
  const paths = { trouble: '', online: '', stopped: '' }
  for (const [x, step] of steps.entries()) {
    const look = lookOf(step)
    if (look === undefined) continue
    const tall = heightOf(look, step, height)
    paths[look] += `M${x} ${height}v-${tall}h1v${tall}z`
  }
  return paths
}
