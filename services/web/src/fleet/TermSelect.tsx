import { useId } from 'react'

/** Days. */
const terms = [7, 30, 90, 365]

interface Props {
  /** Days; undefined: for ever. */
  term: number | undefined
  onChange: (term: number | undefined) => void
}

/** How long a token shall last. */
export function TermSelect({ term, onChange }: Props) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="text-small text-muted">
        Token
      </label>
      <select
        id={id}
        value={term ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
        className="h-7 min-w-0 rounded-md border border-line-strong bg-surface px-1.5"
      >
        <option value="">never ends</option>
        {terms.map((days) => (
          <option key={days} value={days}>
            ends after {days === 365 ? 'a year' : `${days} days`}
          </option>
        ))}
      </select>
    </>
  )
}
