import { describe, expect, it } from 'vitest'
import { joinNotice, pairingLink, readableCode } from '../src/pairing/joinNotice'

const notice = { code: 'BCDFGHJK', page: 'https://rollcall.example.com/', user: 'bob', hostname: 'laptop' }

describe('joinNotice', () => {
  it('leads to the page with the code, and says what to check there', () => {
    const lines = joinNotice(notice, undefined).split('\n')
    expect(lines).toContain('  Open   https://rollcall.example.com/pair#code=BCDF-GHJK')
    expect(lines).toContain('  Code   BCDF-GHJK   (valid for 10 minutes)')
    expect(lines).toContain('  Check that the page shows this computer: bob@laptop')
  })

  it.each([undefined, ''])('says where to type the code if the page may be anywhere (%o)', (page) => {
    expect(pairingLink({ ...notice, page })).toBeUndefined()
    expect(joinNotice({ ...notice, page }, undefined)).toContain('  Open   the deployment’s page, at /pair\n')
  })

  it('ends with the QR code', () => {
    expect(joinNotice(notice, '█▀█')).toMatch(/bob@laptop\n\n█▀█\n$/)
  })

  it('lets nothing of the backend steer the terminal', () => {
    expect(pairingLink({ ...notice, page: 'https://a\u001b[2J.example' })).toBe(
      'https://a[2J.example/pair#code=BCDF-GHJK',
    )
  })

  it('leaves a code of another length readable', () => {
    expect(readableCode('BCDF')).toBe('BCDF')
  })
})
