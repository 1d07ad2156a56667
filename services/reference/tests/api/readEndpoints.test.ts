import { describe, expect, it } from 'vitest'
import { readEndpoints } from '../../src/api/readEndpoints'
import { sourcesOf } from '../setup'

describe('readEndpoints', () => {
  it('finds routes with what is said of them, by what answers them', () => {
    const text = `
      /** Refused: a push. */
      const refusePush = () => 1
      /** For the admin only. */
      export function adminRoutes() {
        return {
          /** Whether the key is right. */
          'GET /api/check': () => 1,
          'POST /api/push': refusePush,
          other: 1,
        }
      }
    `
    expect(readEndpoints(sourcesOf({ 'a.ts': text, 'b.ts': 'export const x = { y: 1 }' }))).toEqual([
      {
        doc: 'For the admin only.',
        routes: [
          { route: 'GET /api/check', doc: 'Whether the key is right.' },
          { route: 'POST /api/push', doc: 'Refused: a push.' },
        ],
      },
    ])
  })

  it('refuses a route of which nothing is said', () => {
    expect(() => readEndpoints(sourcesOf({ 'a.ts': "export const x = { '/healthz': () => 1 }" }))).toThrow(
      'a.ts: /healthz has no docstring',
    )
  })
})
