import { Button } from '../components/Button'

const words = { all: 'All', crashes: 'Crashes' }

export type TimelineChoice = keyof typeof words

const choices = Object.keys(words) as TimelineChoice[]

interface Props {
  choice: TimelineChoice
  onChoose: (choice: TimelineChoice) => void
}

/** What the timeline shows. */
export function TimelineFilter({ choice, onChoose }: Props) {
  return (
    <div role="group" aria-label="What the timeline shows" className="flex gap-1">
      {choices.map((offered) => (
        <Button
          key={offered}
          look="quiet"
          aria-pressed={offered === choice}
          onClick={() => onChoose(offered)}
          className="aria-pressed:bg-hover aria-pressed:text-ink"
        >
          {words[offered]}
        </Button>
      ))}
    </div>
  )
}
