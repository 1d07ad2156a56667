import { MomentText } from '../components/MomentText'
import type { OpenAlert } from './AlertView'

/** Until when webhooks are not told of an alert, and by whom. */
export function MutedNote({ mute: { until, by } }: { mute: NonNullable<OpenAlert['mute']> }) {
  return (
    <>
      Muted until <MomentText moment={{ kind: 'clock', at: until }} />, by {by}
    </>
  )
}
