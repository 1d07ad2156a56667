/* global document, window */
/*
 * Shows the theme that was chosen in this browser, before anything is painted and from then on whenever another tab
 * chooses. `<html data-theme>` is what the styles follow; without it they follow the system. A classic script in the head,
 * for a module would come after the first paint; a file of its own, for the page allows no inline scripts. What is chosen
 * is kept by src/theme/useTheme.ts, under the same name.
 */
;(() => {
  const KEY = 'rollcall:theme'
  const html = document.documentElement

  const show = () => {
    let theme = null
    try {
      theme = localStorage.getItem(KEY)
    } catch {
      // Storage is blocked: nothing was kept.
    }
    if (theme === 'light' || theme === 'dark') html.dataset.theme = theme
    else delete html.dataset.theme
  }

  show()
  // `clear()` of another tab has no key.
  window.addEventListener('storage', ({ key }) => (key === KEY || key === null) && show())
})()
