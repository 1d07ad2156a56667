import { momentWords, type Moment } from '../presence/Sentence'
import { fullTimestamp } from '../presence/timeWords'
import { useConnection } from '../connection/useConnection'
import { useAtNow } from '../connection/useNow'

/** What is still going on is only known up to the last contact; what has happened grows older all the same. */
function isOpen({ kind }: Moment): boolean {
  return kind === 'elapsed' || kind === 'left' || kind === 'in' || kind === 'restart'
}

/** A moment in words that follow the time, with the full timestamp on hover. */
export function MomentText({ moment }: { moment: Moment }) {
  const connection = useConnection()
  const words = useAtNow((now) =>
    momentWords(moment, connection.kind === 'lost' && isOpen(moment) ? connection.since : now),
  )
  return (
    <time dateTime={new Date(moment.at).toISOString()} title={fullTimestamp(moment.at)}>
      {words}
    </time>
  )
}
