import { StatusMark } from '../../components/StatusMark'
import type { StatusWord } from '../../presence/marks'
import { FoldButton } from './FoldButton'

interface Props {
  word: StatusWord
  count: number
  isOpen: boolean
  onToggle: () => void
}

/** The line above all workers that have one status. */
export function StatusHeader({ word, count, isOpen, onToggle }: Props) {
  return (
    <div className="flex min-h-9 items-center gap-2 border-b border-line max-sm:px-2">
      <FoldButton isOpen={isOpen} onToggle={onToggle}>
        <StatusMark word={word} />
      </FoldButton>
      <span className="text-small text-muted">{count === 1 ? '1 worker' : `${count} workers`}</span>
    </div>
  )
}
