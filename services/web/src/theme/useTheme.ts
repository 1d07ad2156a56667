import { useSyncExternalStore } from 'react'

/** How the page looks: as the system, unless a person chose in this browser. */
export type Theme = 'system' | 'light' | 'dark'

/** Read by public/theme.js, too, before anything is painted. */
const KEY = 'rollcall:theme'

/** The theme that is shown, and how to choose another. Without storage the choice lives as long as the page. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, current), choose]
}

function current(): Theme {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** Follows what is shown, whoever changed it: this tab or, by public/theme.js, another. */
function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Storage is blocked or full: the theme is on the page all the same.
  }
}
