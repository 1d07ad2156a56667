import { useId } from 'react'

interface Props<T extends string> {
  /** For screen readers: what is chosen. */
  label: string
  /** In words, in their order. */
  options: readonly (readonly [T, string])[]
  chosen: T
  onChoose: (option: T) => void
}

/** One of a few, all in view. */
export function RadioChoice<T extends string>({ label, options, chosen, onChoose }: Props<T>) {
  const id = useId()
  return (
    <span role="radiogroup" aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1 text-small">
      {options.map(([option, words]) => (
        <label key={option} className="flex items-center gap-1.5">
          <input type="radio" name={id} checked={option === chosen} onChange={() => onChoose(option)} />
          {words}
        </label>
      ))}
    </span>
  )
}
