import { describe, expect, it } from 'vitest'
import { bareStatuses } from '../../src/sources/bareStatuses'
import { httpRefusals } from '../../src/sources/httpRefusals'
import { literalReader } from '../../src/sources/literalReader'
import { sourcesOf } from '../setup'

function refusalsIn(texts: Readonly<Record<string, string>>) {
  const sources = sourcesOf(texts)
  return [...httpRefusals(sources, literalReader(sources))]
}

function statusesIn(text: string): string[] {
  const sources = sourcesOf({ 'a.ts': text })
  return [...bareStatuses(sources, literalReader(sources)).keys()]
}

describe('httpRefusals', () => {
  it('reads what is thrown and answered, with its status', () => {
    const text = `
      throw new HttpRefusal(404, 'NotFound', 'Nothing.')
      const GONE = 410
      return refusal(GONE, 'LongGone', 'Gone.')
    `
    expect(refusalsIn({ 'a.ts': text, 'b.ts': "refusal(400, 'NotFound', '')" })).toEqual([
      ['NotFound', { path: 'a.ts', beside: '400, 404' }],
      ['LongGone', { path: 'a.ts', beside: '410' }],
    ])
  })

  it('reads every code that a type allows', () => {
    const text = "function f(code: 'BadKey' | 'NoKey') { throw new HttpRefusal(401, code, '') }"
    expect(refusalsIn({ 'a.ts': text }).map(([code]) => code)).toEqual(['BadKey', 'NoKey'])
  })

  it('reads objects with a code, and the status of what answers with them', () => {
    const text = `
      replyJson(response, 403, { code: 'ForeignHost', message })
      Response.json({ code: 'Server Error' }, { status: 500 })
      const { code } = known ?? { code: 'InternalError' }
    `
    expect(refusalsIn({ 'a.ts': text })).toEqual([
      ['ForeignHost', { path: 'a.ts', beside: '403' }],
      ['Server Error', { path: 'a.ts', beside: '500' }],
      ['InternalError', { path: 'a.ts', beside: undefined }],
    ])
  })

  it('takes nothing else for codes', () => {
    const text = `
      ctx.addIssue({ code: 'custom', message })
      new EmbeddedBackendError('PORT_IN_USE', message)
      const error = { code: 'DATA_FOLDER_FULL' }
      function f(code: string) { json(400, { code }) }
    `
    expect(refusalsIn({ 'a.ts': text })).toEqual([])
  })

  it('refuses one that it cannot read', () => {
    const text = "function f(code: string) { throw new HttpRefusal(400, code, '') }"
    expect(() => refusalsIn({ 'a.ts': text })).toThrow('a.ts: it cannot be told what this HttpRefusal says')
  })
})

describe('bareStatuses', () => {
  it('reads the statuses of refusals and faults that have no code', () => {
    const text = `
      new Response('No token.', { status: 401, headers })
      json(isReady ? 200 : 503, readiness)
      replyText(response, 404, 'Not found')
      socket.end('HTTP/1.1 403 Forbidden\\r\\n')
    `
    expect(statusesIn(text)).toEqual(['401', '503', '404', '403'])
  })

  it('leaves alone what has a code, what went well, and other numbers', () => {
    const text = `
      replyJson(response, 405, { code: 'MethodNotAllowed' })
      Response.json({ code: 'Server Error' }, { status: 500 })
      replyText(response, 200, 'embedded')
      setTimeout(stop, 500)
    `
    expect(statusesIn(text)).toEqual([])
  })
})
