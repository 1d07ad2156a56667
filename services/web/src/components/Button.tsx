import type { ComponentProps } from 'react'
import { buttonLook, type ButtonLook } from './buttonLook'

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
}: ComponentProps<'button'> & { look?: ButtonLook; isBusy?: boolean; whyNot?: string | undefined }) {
  return (
    <button
      {...props}
      type={type}
      disabled={disabled === true || isBusy}
      {...(whyNot === undefined
        ? { onClick }
        : { 'aria-disabled': true, 'aria-description': whyNot, title: whyNot })}
      aria-busy={isBusy}
      className={`disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 ${buttonLook(look)} ${className}`}
    />
  )
}
