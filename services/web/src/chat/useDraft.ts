import { useState } from 'react'

const PREFIX = 'rollcall:draft:'

/**
 * Text that is kept in this browser under `key` until it is cleared. Without storage it lives as long as the page. What another
 * tab has kept there since is not cleared with it.
 */
export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => read(key))
  const keep = (next: string) => {
    setText(next)
    if (next === '') forget(key, text)
    else write(key, next)
  }
  return [text, keep]
}

function read(key: string): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? ''
  } catch {
    return '' // Storage is blocked: nothing was kept.
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + key, text)
  } catch {
    // Storage is blocked or full: the draft is still on the page.
  }
}

function forget(key: string, text: string): void {
  if (read(key) === text) localStorage.removeItem(PREFIX + key)
}
