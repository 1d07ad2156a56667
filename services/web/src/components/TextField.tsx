import { useId, type ComponentProps } from 'react'

/** A labelled line of text. */
export function TextField({
  label,
  hint,
  ...props
}: ComponentProps<'input'> & { label: string; hint?: string }) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-small text-muted">
        {label}
      </label>
      <input
        {...props}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5"
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="text-small text-muted">
          {hint}
        </span>
      )}
    </div>
  )
}
