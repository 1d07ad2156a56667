import { useIsLastKnown } from '../connection/useConnection'
import type { Step } from './stepsOf'
import { stripPaths } from './stripPaths'

interface Props {
  steps: readonly Step[]
  /** In pixels. */
  height: number
  /** What it shows, in words. */
  label: string
  className?: string
}

/**
 * How a worker has been, step by step: health is a low line, trouble stands tall, what was stopped is thin, and what is not
 * known is empty. Dimmed while the page is disconnected.
 */
export function Strip({ steps, height, label, className = '' }: Props) {
  const isLastKnown = useIsLastKnown()
  const { trouble, online, stopped } = stripPaths(steps, height)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${steps.length} ${height}`}
      height={height}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      className={`block ${isLastKnown ? 'opacity-50' : ''} ${className}`}
    >
      <path d={stopped} className="fill-line-strong" />
      <path d={online} className="fill-green" />
      <path d={trouble} className="fill-red" />
    </svg>
  )
}
