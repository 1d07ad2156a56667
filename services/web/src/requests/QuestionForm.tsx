import { useId, useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { useWhyNotNow } from '../connection/useConnection'
import type { PersonReply, QuestionRequest } from './PersonRequest'

type Question = QuestionRequest['questions'][number]

/** Of one question: labels that are chosen, and words of one's own. */
interface Given {
  labels: string[]
  own: string
}

interface Props {
  what: QuestionRequest
  workerName: string
  isBusy: boolean
  onReply: (reply: PersonReply) => void
}

/** Questions with choices; each can be answered in one's own words instead. */
export function QuestionForm({ what, workerName, isBusy, onReply }: Props) {
  const whyNot = useWhyNotNow()
  const [given, setGiven] = useState<Given[]>(() => what.questions.map(() => ({ labels: [], own: '' })))
  const answers = given.map(({ labels, own }) => (own.trim() === '' ? labels : [...labels, own.trim()]))
  const isComplete = answers.every((each) => each.length > 0)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (isComplete && whyNot === undefined) onReply({ kind: 'answers', answers })
  }
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <p>
        <strong>{workerName}</strong> asks:
      </p>
      {what.questions.map((question, index) => (
        <Choices
          key={index}
          question={question}
          given={given[index] ?? { labels: [], own: '' }}
          onChange={(changed) => setGiven(given.map((each, i) => (i === index ? changed : each)))}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={!isComplete} isBusy={isBusy} whyNot={whyNot}>
          Answer
        </Button>
        <Button onClick={() => onReply({ kind: 'reject' })} isBusy={isBusy} whyNot={whyNot}>
          Don’t answer
        </Button>
      </div>
    </form>
  )
}

interface ChoicesProps {
  question: Question
  given: Given
  onChange: (given: Given) => void
}

function Choices({ question, given, onChange }: ChoicesProps) {
  const name = useId()
  const { mayChooseSeveral, options } = question
  const toggle = (label: string) => {
    if (!mayChooseSeveral) onChange({ ...given, labels: [label] })
    else if (given.labels.includes(label)) {
      onChange({ ...given, labels: given.labels.filter((each) => each !== label) })
    } else onChange({ ...given, labels: [...given.labels, label] })
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1 wrap-anywhere">{question.question}</legend>
      {options.map(({ label, description }) => (
        <label key={label} className="flex items-baseline gap-2">
          <input
            type={mayChooseSeveral ? 'checkbox' : 'radio'}
            name={name}
            checked={given.labels.includes(label)}
            onChange={() => toggle(label)}
          />
          <span className="min-w-0 wrap-anywhere">
            {label} {description !== '' && <span className="text-small text-muted">{description}</span>}
          </span>
        </label>
      ))}
      <input
        aria-label={`Own answer to: ${question.question}`}
        placeholder="In your own words"
        value={given.own}
        onChange={(event) => onChange({ ...given, own: event.target.value })}
        className="h-7 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2"
      />
    </fieldset>
  )
}
