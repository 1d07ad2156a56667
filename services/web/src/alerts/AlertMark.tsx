import { StatusShape } from '../components/StatusShape'
import { wordTone } from '../components/tones'
import { useIsLastKnown } from '../connection/useConnection'
import { doubtedTone, type Mark } from '../presence/marks'

interface Props extends Mark {
  word: string
}

/** Shape, word and colour of an alert or of a message about it; hollow and dimmed while the page is disconnected. */
export function AlertMark({ shape, tone, word }: Props) {
  const doubt = useIsLastKnown() ? 'last known' : 'none'
  const shown = doubtedTone(tone, doubt)
  const isLoud = shown === 'red' || shown === 'amber'
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${wordTone[shown]} ${isLoud ? 'font-semibold' : ''}`}
    >
      <StatusShape shape={shape} tone={shown} doubt={doubt} />
      {word}
      {doubt === 'last known' && <span className="sr-only">, last known</span>}
    </span>
  )
}
