import { useDoubt } from '../detector/useDoubt'
import { doubtedTone, marks, type StatusWord } from '../presence/marks'
import { StatusShape } from './StatusShape'
import { wordTone } from './tones'

/**
 * Shape, word and colour of a status. While the page is disconnected it is hollow, dimmed and "last known"; while the sweep
 * is overdue, one that claims that the worker is there has a question mark and is "unconfirmed".
 */
export function StatusMark({ word }: { word: StatusWord }) {
  const doubt = useDoubt()(word)
  const { shape } = marks[word]
  const tone = doubtedTone(marks[word].tone, doubt)
  // What doubts every worker at once is loud in the banner, not in each row.
  const isLoud = doubt === 'none' && (tone === 'red' || tone === 'amber')
  return (
    <span
      className={`inline-flex items-center ${doubt === 'unconfirmed' ? 'gap-1' : 'gap-2'} whitespace-nowrap ${wordTone[tone]} ${isLoud ? 'font-semibold' : ''}`}
      data-status={word}
      title={doubt === 'none' ? undefined : `${doubt}: ${word}`}
    >
      <StatusShape shape={shape} tone={tone} doubt={doubt} />
      {doubt === 'none' ? word : doubt}
    </span>
  )
}
