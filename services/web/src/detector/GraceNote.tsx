import { MomentText } from '../components/MomentText'
import { useIsLastKnown } from '../connection/useConnection'
import { useIsAnyoneOnline } from '../fleet/useFleet'
import type { Grace } from './judgeDetector'
import { useDetector } from './useDetector'

const causes: Record<Grace['cause'], string> = {
  'backend-gap': 'the backend was away',
  'mass-silence': 'over half of the fleet fell silent at once',
}

/** Says that silence takes nobody offline for a while, and why. */
export function GraceNote() {
  const detector = useDetector()
  const isLastKnown = useIsLastKnown()
  const isAnyoneOnline = useIsAnyoneOnline()
  return (
    <div role="status" className="empty:hidden">
      {detector.kind === 'grace' && isAnyoneOnline && !isLastKnown && (
        <p className="-mt-2 text-small text-muted max-sm:px-2">
          Nobody is judged <MomentText moment={{ kind: 'until', at: detector.grace.until }} />:{' '}
          {causes[detector.grace.cause]}. Whoever stays silent shows as online until then.
        </p>
      )}
    </div>
  )
}
