import { describe, expect, it } from 'vitest'
import { judgeBackend } from '../../src/doctor/backend'
import { judgeClock, offsetFrom } from '../../src/doctor/clock'
import { diagnosisOf, type Finding } from '../../src/doctor/Finding'
import { judgeLeftovers } from '../../src/doctor/leftovers'
import { judgeNode } from '../../src/doctor/node'
import { judgeOpencode } from '../../src/doctor/opencode'
import { judgePort } from '../../src/doctor/port'
import { renderFindings } from '../../src/doctor/renderFindings'

describe('judgeNode', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('takes %s', (version) => {
    expect(judgeNode(version).state).toBe('ok')
  })

  it.each(['18.20.0', '20.18.9', '8.9.0'])('finds %s too old, and says what is not', (version) => {
    expect(judgeNode(version)).toMatchObject({
      state: 'problem',
      cure: expect.stringContaining('20.19') as string,
    })
  })
})

describe('judgeOpencode', () => {
  it('tells the version', () => {
    expect(judgeOpencode({ kind: 'found', path: '/o', version: '1.2.3' })).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('1.2.3') as string,
    })
  })

  it.each([{ kind: 'missing' }, { kind: 'broken', path: '/o', why: 'ENOEXEC' }] as const)(
    'has a cure for %j',
    (facts) => {
      const { state, command } = judgeOpencode(facts)
      expect(state).toBe('problem')
      expect(command).toMatch(/install/)
    },
  )
})

describe('judgeBackend', () => {
  const url = 'https://happy-otter-123.convex.cloud'

  it('is content with one that answers', () => {
    expect(judgeBackend({ kind: 'embedded', url, pid: 7 }).state).toBe('ok')
    expect(judgeBackend({ kind: 'deployment', url, answer: 'ok' }).state).toBe('ok')
  })

  it('only warns where none was started yet, with the command that does it', () => {
    expect(judgeBackend({ kind: 'none', dataDir: '/d' })).toMatchObject({
      state: 'warning',
      command: 'pnpm start',
    })
  })

  it('finds one that runs and does not answer', () => {
    expect(judgeBackend({ kind: 'silent', url, pid: 7 })).toMatchObject({
      state: 'problem',
      command: 'kill 7',
    })
  })

  it.each(['unreachable', 'notRollcall'] as const)('has a cure for a deployment that is %s', (answer) => {
    expect(judgeBackend({ kind: 'deployment', url, answer, reason: 'ECONNREFUSED' })).toMatchObject({
      state: 'problem',
      message: expect.stringMatching(/ECONNREFUSED/) as string,
      cure: expect.stringContaining('CONVEX_URL') as string,
    })
  })
})

describe('the clock', () => {
  const at = (here: number) =>
    offsetFrom({ date: 'Thu, 01 Jan 2026 00:00:00 GMT', askedAt: here - 100, answeredAt: here + 100 })
  const backend = Date.UTC(2026, 0, 1)

  it('is compared with the middle of the second that the header means', () => {
    expect(at(backend + 500)).toBe(0)
    expect(at(backend + 10_500)).toBe(10_000)
    expect(at(backend - 9_500)).toBe(-10_000)
  })

  it.each([0, 5_000, -5_000])('may differ by %i ms', (offsetMs) => {
    expect(judgeClock({ kind: 'measured', offsetMs }).state).toBe('ok')
  })

  it('is warned of beyond that, with the direction', () => {
    expect(judgeClock({ kind: 'measured', offsetMs: 5_001 })).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('5 s ahead of') as string,
      command: expect.any(String) as string,
    })
    expect(judgeClock({ kind: 'measured', offsetMs: -90_000 }).message).toContain('90 s behind')
  })

  it('is no problem where nothing can be compared', () => {
    expect(judgeClock({ kind: 'unknown', reason: 'no backend answers' }).state).toBe('ok')
  })
})

describe('judgeLeftovers', () => {
  it('names what was left behind, and how to end it', () => {
    expect(judgeLeftovers({ pids: [7, 8] })).toMatchObject({ state: 'warning', command: 'kill 7 8' })
    expect(judgeLeftovers({ pids: [] }).state).toBe('ok')
  })

  it('does not claim to have looked where it cannot', () => {
    expect(judgeLeftovers({ pids: undefined }).message).toMatch(/^Not looked for/)
  })
})

describe('judgePort', () => {
  it('says who has it', () => {
    const { state, message, command } = judgePort({
      kind: 'taken',
      port: 3210,
      by: { pid: 7, command: 'python3' },
    })
    expect(state).toBe('problem')
    expect(message).toBe('Port 3210 is taken by python3 (pid 7).')
    expect(command).toContain('ROLLCALL_PORT')
    expect(judgePort({ kind: 'taken', port: 3210, by: undefined }).message).toContain('another program')
  })

  it.each([{ kind: 'free', port: 3210 }, { kind: 'any' }, { kind: 'unneeded' }] as const)(
    '%j is fine',
    (facts) => {
      expect(judgePort(facts).state).toBe('ok')
    },
  )
})

describe('a diagnosis', () => {
  const finding = (state: Finding['state']): Finding => ({ check: 'node', state, message: 'm' })

  it('is bad by a problem, not by a warning', () => {
    expect(diagnosisOf([finding('ok'), finding('warning')]).ok).toBe(true)
    expect(diagnosisOf([finding('ok'), finding('problem')]).ok).toBe(false)
  })

  it('is a line a finding, its cure below', () => {
    const rendered = renderFindings(
      [{ ...finding('problem'), cure: 'Do this.', command: 'this' }, finding('ok')],
      { colours: false },
    )
    expect(rendered.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      '✕ node m',
      ' Do this.',
      ' $ this',
      '✓ node m',
    ])
  })
})
