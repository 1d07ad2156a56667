import { useId, type ComponentProps } from 'react'

interface Props extends ComponentProps<'input'> {
  label: string
  hint?: string | undefined
  /** What is wrong with what was typed. */
  problem?: string | undefined
}

/** A labelled line of text. */
export function TextField({ label, hint, problem, ...props }: Props) {
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(
    Boolean,
  )
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-small text-muted">
        {label}
      </label>
      <input
        {...props}
        id={id}
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={described.length === 0 ? undefined : described.join(' ')}
        className="h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 aria-invalid:border-red"
      />
      {problem !== undefined && (
        <span id={`${id}-problem`} className="text-red">
          {problem}
        </span>
      )}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="text-small text-muted">
          {hint}
        </span>
      )}
    </div>
  )
}
