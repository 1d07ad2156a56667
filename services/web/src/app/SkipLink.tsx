import type { MouseEvent } from 'react'

/** What the link leads to: there is one on the page, and it takes the focus (`tabIndex={-1}`). */
export const CONTENT_ID = 'content'

/** The first thing the keyboard reaches, seen only then: past the header, and past the fleet if it is at the side. */
export function SkipLink() {
  return (
    <a
      href={`#${CONTENT_ID}`}
      onClick={skip}
      className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:rounded-md focus:bg-accent focus:px-3 focus:py-1.5 focus:text-on-accent"
    >
      Skip to the content
    </a>
  )
}

/** The address stays as it is: the way back from here leads to where one came from. */
function skip(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById(CONTENT_ID)?.focus()
}
