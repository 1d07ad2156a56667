import { useId } from 'react'
import { useTheme, type Theme } from './useTheme'

const words: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

const themes = Object.keys(words) as Theme[]

/** Light, dark, or as the system: shown at once, and kept in this browser. */
export function ThemeChoice() {
  const [shown, choose] = useTheme()
  const id = useId()
  return (
    <fieldset aria-describedby={`${id}-note`} className="flex flex-col gap-2">
      <legend className="sr-only">Theme</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {themes.map((theme) => (
          <label key={theme} className="flex items-center gap-2">
            <input type="radio" name={id} checked={theme === shown} onChange={() => choose(theme)} />
            {words[theme]}
          </label>
        ))}
      </div>
      <p id={`${id}-note`} className="text-small text-muted">
        Kept in this browser, for all of its tabs.
      </p>
    </fieldset>
  )
}
