import { useAtNow } from '../connection/useNow'
import { fullTimestamp } from '../presence/timeWords'
import { spanWords } from './spanWords'

/** From when to when something was, with the full timestamps on hover. ms since 1970. */
export function SpanText({ from, to }: { from: number; to: number }) {
  const words = useAtNow((now) => spanWords(from, to, now))
  return <span title={`${fullTimestamp(from)} to ${fullTimestamp(to)}`}>{words}</span>
}
