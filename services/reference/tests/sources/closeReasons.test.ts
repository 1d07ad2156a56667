import { describe, expect, it } from 'vitest'
import { closeReasons } from '../../src/sources/closeReasons'
import { literalReader } from '../../src/sources/literalReader'
import { sourcesOf } from '../setup'

function reasonsIn(text: string) {
  const sources = sourcesOf({ 'a.ts': text })
  return [...closeReasons(sources, literalReader(sources))]
}

describe('closeReasons', () => {
  it('reads reasons with the codes of their frames', () => {
    const text = `
      const CLOSE_NORMAL = 1000
      session.close(CLOSE_NORMAL, 'AuthError')
      this.parts.socket.close(isOurs ? 1011 : 1002, 'Broken')
    `
    expect(reasonsIn(text)).toEqual([
      ['AuthError', { path: 'a.ts', beside: '1000' }],
      ['Broken', { path: 'a.ts', beside: '1002, 1011' }],
    ])
  })

  it('leaves alone what closes without a reason, and what hands one on', () => {
    expect(
      reasonsIn('server.close(resolve)\nfunction f(code: number, why: string) { s.close(code, why) }'),
    ).toEqual([])
  })

  it('refuses a reason that it cannot read', () => {
    expect(() => reasonsIn('declare const why: string\nsocket.close(1000, why)')).toThrow(
      'a.ts: it cannot be told for which reason this closes',
    )
  })
})
