import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** How far from its end a list still counts as being at its end, in px. */
const SLACK = 48

/**
 * Keeps a scrolling list at its end while it grows, unless the reader has scrolled up or unfolded something. `end` changes
 * with its newest entry, so that it follows at once; `own` with the reader's newest one, which is always shown; when older
 * entries are put before it (`start` changes) the reader's place stays where it was.
 */
export function useStickToBottom(
  end: string,
  start: string | undefined,
  own: string | undefined,
): { scroller: RefObject<HTMLDivElement | null>; isAtEnd: boolean; scrollToEnd: () => void } {
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const place = useRef({ isAtEnd: true, top: 0, fromEnd: 0 })

  const scrollToEnd = useCallback(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  }, [])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const note = () => {
      const { scrollTop: top, scrollHeight, clientHeight } = element
      const fromEnd = scrollHeight - top
      // What has grown below the reader was not scrolled away from.
      const hasStayed = place.current.isAtEnd && top >= place.current.top
      const isNowAtEnd = hasStayed || fromEnd - clientHeight <= SLACK
      place.current = { isAtEnd: isNowAtEnd, top, fromEnd }
      setIsAtEnd(isNowAtEnd)
    }
    const settle = () => (place.current.isAtEnd ? scrollToEnd() : note())
    const stay = ({ target }: Event) => {
      if (target instanceof Element && target.closest('summary')) place.current.isAtEnd = false
    }
    const sizes = new ResizeObserver(settle)
    for (const sized of [element, ...element.children]) sizes.observe(sized)
    element.addEventListener('scroll', note, { passive: true })
    element.addEventListener('click', stay)
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', note)
      element.removeEventListener('click', stay)
    }
  }, [scrollToEnd])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element && !place.current.isAtEnd) element.scrollTop = element.scrollHeight - place.current.fromEnd
  }, [start])

  const shownOwn = useRef(own)
  useLayoutEffect(() => {
    if (shownOwn.current !== undefined && shownOwn.current !== own) place.current.isAtEnd = true
    shownOwn.current = own
    if (place.current.isAtEnd) scrollToEnd()
  }, [end, own, scrollToEnd])

  return { scroller, isAtEnd, scrollToEnd }
}
