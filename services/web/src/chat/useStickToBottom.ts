import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** How far from its end a list still counts as being at its end, in px. */
const SLACK = 48

/**
 * Keeps a scrolling list at its end while it grows (`end` changes), unless the reader has scrolled away; when older entries
 * are put before it (`start` changes) the reader's place stays where it was.
 */
export function useStickToBottom(
  end: string,
  start: string | undefined,
): { scroller: RefObject<HTMLDivElement | null>; isAtEnd: boolean; scrollToEnd: () => void } {
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const place = useRef({ isAtEnd: true, fromEnd: 0 })

  const scrollToEnd = useCallback(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  }, [])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const note = () => {
      const fromEnd = element.scrollHeight - element.scrollTop
      const isNowAtEnd = fromEnd - element.clientHeight <= SLACK
      place.current = { isAtEnd: isNowAtEnd, fromEnd }
      setIsAtEnd(isNowAtEnd)
    }
    const settle = () => (place.current.isAtEnd ? scrollToEnd() : note())
    const sizes = new ResizeObserver(settle)
    sizes.observe(element)
    element.addEventListener('scroll', note, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', note)
    }
  }, [scrollToEnd])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element && !place.current.isAtEnd) element.scrollTop = element.scrollHeight - place.current.fromEnd
  }, [start])

  useLayoutEffect(() => {
    if (place.current.isAtEnd) scrollToEnd()
  }, [end, scrollToEnd])

  return { scroller, isAtEnd, scrollToEnd }
}
