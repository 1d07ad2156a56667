import { describe, expect, it } from 'vitest'
import { newDocumentId, tableOfId } from '../../src/engine/store/documentId'

const TABLES = ['a', 'ab', 'abc', 'abcd', 'notes', '_scheduled_functions', 'x'.repeat(60)]

describe('document ids', () => {
  it('name their table and nothing else', () => {
    for (const table of TABLES) expect(tableOfId(newDocumentId(table))).toBe(table)
    for (const text of ['', 'notes', '0'.repeat(26), newDocumentId('a').slice(1), `${newDocumentId('a')}!`]) {
      expect(tableOfId(text)).toBeNull()
    }
  })

  it('have one spelling only', () => {
    for (const table of TABLES) {
      const id = newDocumentId(table)
      for (const position of [25, id.length - 1]) {
        const spellings = Array.from('0123456789abcdefghjkmnpqrstvwxyz')
          .map((char) => id.slice(0, position) + char + id.slice(position + 1))
          .filter((spelling) => tableOfId(spelling) === table)
        // 128 bits in 26 characters leave 2 unused: of the 32 last characters 8 are right. Other tables have other names.
        expect(spellings).toHaveLength(position === 25 ? 8 : 1)
      }
    }
  })

  it('do not repeat', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newDocumentId('notes'))).size).toBe(1_000)
  })
})
