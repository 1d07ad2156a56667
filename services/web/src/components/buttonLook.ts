const looks = {
  primary: 'bg-accent text-on-accent border-accent hover:opacity-90',
  plain: 'bg-surface text-ink border-line hover:border-muted',
  quiet: 'border-transparent text-muted hover:text-ink hover:bg-hover',
}

export type ButtonLook = keyof typeof looks

/** The class names of what looks like a button: buttons, and links among them. */
export function buttonLook(look: ButtonLook): string {
  return `inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5 whitespace-nowrap ${looks[look]}`
}
