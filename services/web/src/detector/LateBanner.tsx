import { MomentText } from '../components/MomentText'
import { useIsLastKnown } from '../connection/useConnection'
import { useIsAnyoneOnline } from '../fleet/useFleet'
import { useDetector } from './useDetector'

/** Says that nobody checks whether the workers are still there. The seconds are hidden from screen readers. */
export function LateBanner() {
  const detector = useDetector()
  const isLastKnown = useIsLastKnown()
  const isAnyoneOnline = useIsAnyoneOnline()
  return (
    <div role="status">
      {detector.kind === 'late' && isAnyoneOnline && !isLastKnown && (
        <p className="border-b border-amber/40 bg-amber-soft px-4 py-2 text-amber">
          <strong>
            The detector is{' '}
            <span aria-hidden="true">
              <MomentText moment={{ kind: 'elapsed', at: detector.since }} />{' '}
            </span>
            late
          </strong>
          ; statuses are unconfirmed. A worker that is gone may still be shown as online.
        </p>
      )}
    </div>
  )
}
