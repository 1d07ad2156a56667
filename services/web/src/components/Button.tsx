import type { ComponentProps } from 'react'

const looks = {
  primary: 'bg-accent text-on-accent border-accent hover:opacity-90',
  plain: 'bg-surface text-ink border-line hover:border-muted',
  quiet: 'border-transparent text-muted hover:text-ink hover:bg-hover',
}

/**
 * A button; while `isBusy` it keeps its place and takes no clicks. With `whyNot` it takes none either, but can still be
 * reached by keyboard, so that the reason is read out as well as shown on hover.
 */
export function Button({
  look = 'plain',
  isBusy = false,
  disabled,
  whyNot,
  onClick,
  className = '',
  type = 'button',
  ...props
}: ComponentProps<'button'> & { look?: keyof typeof looks; isBusy?: boolean; whyNot?: string | undefined }) {
  return (
    <button
      {...props}
      type={type}
      disabled={disabled === true || isBusy}
      {...(whyNot === undefined
        ? { onClick }
        : { 'aria-disabled': true, 'aria-description': whyNot, title: whyNot })}
      aria-busy={isBusy}
      className={`inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5 whitespace-nowrap disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 ${looks[look]} ${className}`}
    />
  )
}
