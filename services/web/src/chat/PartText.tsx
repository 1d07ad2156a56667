import { scrollsByKeyboard } from '../components/scrollsByKeyboard'

interface Props {
  label: string
  text: string
  look: 'prose' | 'monospace'
  /** While it grows its end is in view, afterwards its beginning. */
  isGrowing: boolean
}

/** A text of any length in a box of bounded height. */
export function PartText({ label, text, look, isGrowing }: Props) {
  const Text = look === 'monospace' ? 'pre' : 'p'
  return (
    <figure className="flex flex-col gap-0.5">
      <figcaption className={look === 'prose' ? 'sr-only' : 'text-muted'}>{label}</figcaption>
      <div
        role="region"
        aria-label={label}
        tabIndex={scrollsByKeyboard}
        className={`flex max-h-60 overflow-y-auto ${isGrowing ? 'flex-col-reverse' : 'flex-col'} ${look === 'monospace' ? 'rounded-md border border-line bg-inset px-3 py-2' : 'text-muted'}`}
      >
        <Text className="wrap-anywhere whitespace-pre-wrap">{text}</Text>
      </div>
    </figure>
  )
}
