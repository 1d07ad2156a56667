import { memo } from 'react'
import { Button } from '../../components/Button'
import { scrollsByKeyboard } from '../../components/scrollsByKeyboard'
import { useCopy } from '../../components/useCopy'

interface Props {
  text: string
  /** As it is named behind the fence. */
  language: string
  isEnd: boolean
}

/** Code as it is, in lines of any length, to be copied. Colours are for states: it has none. */
export const CodeBlock = memo(function CodeBlock({ text, language, isEnd }: Props) {
  const { copy, outcome } = useCopy(text)
  const label = language === '' ? 'Code' : `Code, ${language}`
  return (
    <figure
      aria-label={label}
      className="flex max-w-full min-w-0 flex-col rounded-md border border-line bg-inset text-small"
    >
      <figcaption className="flex min-h-8 items-center gap-2 border-b border-line py-0.5 pr-0.5 pl-3 text-muted">
        <span className="min-w-0 flex-1 truncate">{language === '' ? 'code' : language}</span>
        <Button look="quiet" onClick={copy} aria-label={`Copy ${label.toLowerCase()}`}>
          {outcome ?? 'Copy'}
        </Button>
        <span role="status" className="sr-only">
          {outcome}
        </span>
      </figcaption>
      <pre tabIndex={scrollsByKeyboard} className="overflow-x-auto px-3 py-2 -outline-offset-2">
        <code className={isEnd ? 'writing' : undefined}>{text}</code>
      </pre>
    </figure>
  )
})
