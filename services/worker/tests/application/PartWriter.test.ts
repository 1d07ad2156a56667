import { limits } from '@rollcall/backend/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PartWriter } from '../../src/application/PartWriter'
import type { PartUpdates } from '../../src/infrastructure/convex/backendTypes'
import type { Reply } from '../../src/infrastructure/convex/reply'
import type { PartUpdate } from '../../src/infrastructure/opencode'

function thought(key: string, text: string, at = 0): PartUpdate {
  return { key, at, what: { kind: 'reasoning', status: 'running', text } }
}

function bash(input: string, output: string): PartUpdate {
  return {
    key: 'b',
    at: 0,
    what: { kind: 'tool', tool: 'bash', title: '', status: 'running', input, output },
  }
}

describe('PartWriter', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  function start() {
    const puts: { parts: PartUpdates; answer: (reply: Reply<null>) => void }[] = []
    const lines: string[] = []
    const writer = new PartWriter({
      put: (parts) =>
        new Promise((answer) => {
          puts.push({ parts, answer })
        }),
      logger: pino({ level: 'warn' }, { write: (line: string) => lines.push(line) }),
    })
    const reply = async (answer: Reply<null>) => {
      puts.at(-1)?.answer(answer)
      await vi.advanceTimersByTimeAsync(0)
    }
    const told = () =>
      puts.map(({ parts }) => parts.map(({ key, what }) => [key, 'text' in what && what.text]))
    return { writer, puts, lines, reply, told, ok: () => reply({ kind: 'ok', value: null }) }
  }

  it('sends the newest state of each part after 200 ms, in the order in which they began', async () => {
    const { writer, told } = start()
    for (const [key, text] of ['a1', 'b1', 'a2'].map((word) => word.split(''))) {
      writer.add(thought(key ?? '', text ?? ''))
    }
    await vi.advanceTimersByTimeAsync(199)
    expect(told()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(told()).toEqual([
      [
        ['a', '2'],
        ['b', '1'],
      ],
    ])
  })

  it('has one in flight, and sends what came meanwhile 200 ms after it', async () => {
    const { writer, told, ok } = start()
    writer.add(thought('a', '1'))
    await vi.advanceTimersByTimeAsync(200)
    writer.add(thought('a', '2'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told()).toHaveLength(1)
    await ok()
    await vi.advanceTimersByTimeAsync(199)
    expect(told()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(told()).toEqual([[['a', '1']], [['a', '2']]])
  })

  it('says nothing twice', async () => {
    const { writer, told, ok } = start()
    writer.add(thought('a', 'same'))
    await vi.advanceTimersByTimeAsync(200)
    await ok()
    writer.add(thought('a', 'same'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told()).toHaveLength(1)
  })

  it('flushes everything, as many at a time as the backend takes', async () => {
    const { writer, puts, ok } = start()
    for (let key = 0; key <= limits.partsPerCall; key += 1) writer.add(thought(`${key}`, 'text'))
    let isFlushed = false
    const flushed = writer.flush().then(() => (isFlushed = true))
    await ok()
    expect(isFlushed).toBe(false)
    await ok()
    await flushed
    expect(puts.map(({ parts }) => parts.length)).toEqual([limits.partsPerCall, 1])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('cuts long texts, not inside a character, and says so', async () => {
    const { writer, puts } = start()
    const full = 'x'.repeat(limits.partLength - 1)
    writer.add(thought('a', `${full}🙂`))
    writer.add(bash('{}', `${full}yz`))
    await vi.advanceTimersByTimeAsync(200)
    expect(puts[0]?.parts.map(({ what }) => what)).toMatchObject([
      { text: full, isTruncated: true },
      { input: '{}', output: `${full}y`, isTruncated: true },
    ])
    writer.add(bash('{}', `${full}yz and more that is cut as well`))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not call whole texts cut', async () => {
    const { writer, puts } = start()
    writer.add(bash('{}', 'x'.repeat(limits.partLength)))
    await vi.advanceTimersByTimeAsync(200)
    expect(puts[0]?.parts[0]?.what).not.toHaveProperty('isTruncated')
  })

  it('repeats what the backend failed at, leaves it out after three times, warns once and goes on', async () => {
    const { writer, told, lines, reply, ok } = start()
    for (const text of ['1', '2']) {
      writer.add(thought('a', text))
      const flushed = writer.flush()
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await reply({ kind: 'failed', reason: 'Server Error' })
        await vi.advanceTimersByTimeAsync(1_000)
      }
      await flushed
    }
    expect(told()).toEqual([...Array<unknown>(3).fill([['a', '1']]), ...Array<unknown>(3).fill([['a', '2']])])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('Server Error')
    writer.add(thought('a', '3'))
    const flushed = writer.flush()
    await ok()
    await flushed
    expect(told().at(-1)).toEqual([['a', '3']])
  })

  it('takes no more when the answer was closed, and finds nothing strange in it', async () => {
    const { writer, told, lines, reply } = start()
    writer.add(thought('a', '1'))
    await vi.advanceTimersByTimeAsync(200)
    writer.add(thought('a', '2'))
    await reply({ kind: 'refused', refusal: { code: 'MESSAGE_CLOSED', message: 'closed' } })
    writer.add(thought('a', '3'))
    await writer.flush()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told()).toHaveLength(1)
    expect(lines).toEqual([])
  })
})
