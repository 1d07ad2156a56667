import { decodeNamedCharacterReference } from 'decode-named-character-reference'

const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,31}));/gi

/** `&amp;` as "&", `&#8594;` as "→"; what is no character's name stays as it is. */
export function decodeReferences(text: string): string {
  return text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return decodeNamedCharacterReference(name) || whole
    return characterOf(hex === undefined ? Number(decimal) : parseInt(hex, 16))
  })
}

function characterOf(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : '\uFFFD'
}
