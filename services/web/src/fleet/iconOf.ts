import type { Doubt, StatusWord } from '../presence/marks'

/** Files, for the page allows no images from elsewhere or made on the way; hashed names, so that a copy lasts. */
const addresses = import.meta.glob<string>('./icons/*.svg', { eager: true, query: '?url', import: 'default' })

/**
 * The address of the icon of a status, in shape and colour as on the page. At the size of a tab, a hollow shape or one with
 * a question mark could not be told from another, so a doubt has one icon, whatever the status is.
 */
export function iconOf(word: StatusWord, doubt: Doubt): string {
  return addressOf(doubt === 'none' ? word : doubt)
}

/** The icons of the doubts: to be fetched while the server that has them is there. */
export const doubtIcons: readonly string[] = (['last known', 'unconfirmed'] as const).map(addressOf)

function addressOf(name: StatusWord | Exclude<Doubt, 'none'>): string {
  const address = addresses[`./icons/${name.replace(' ', '-')}.svg`]
  if (address === undefined) throw new Error(`there is no icon for ${name}`)
  return address
}
