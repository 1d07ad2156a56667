import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AnswerWriter, type WriteEnd } from '../../src/application/AnswerWriter'
import type { Reply } from '../../src/infrastructure/convex/reply'

describe('AnswerWriter', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  function start() {
    const appends: { index: number; text: string; answer: (reply: Reply<null>) => void }[] = []
    const ends: WriteEnd[] = []
    const writer = new AnswerWriter({
      append: (index, text) =>
        new Promise((answer) => {
          appends.push({ index, text, answer })
        }),
      onEnd: (end) => ends.push(end),
    })
    const ok = async () => {
      appends.at(-1)?.answer({ kind: 'ok', value: null })
      await vi.advanceTimersByTimeAsync(0)
    }
    return { writer, appends, ends, ok }
  }

  it('sends what came within 200 ms as one', async () => {
    const { writer, appends } = start()
    for (const word of ['one ', 'two ', 'three']) writer.add(word)
    await vi.advanceTimersByTimeAsync(199)
    expect(appends).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(appends).toMatchObject([{ index: 0, text: 'one two three' }])
  })

  it('sends 2 kB at once', () => {
    const { writer, appends } = start()
    writer.add('x'.repeat(2_048))
    expect(appends).toHaveLength(1)
  })

  it('has one in flight, and makes the next of what came meanwhile', async () => {
    const { writer, appends, ok } = start()
    writer.add('x'.repeat(2_048))
    writer.add('y'.repeat(4_000))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(appends).toHaveLength(1)
    await ok()
    expect(appends[1]).toMatchObject({ index: 1, text: 'y'.repeat(4_000) })
  })

  it('flushes everything, including what waits behind a batch in flight', async () => {
    const { writer, appends, ok } = start()
    writer.add('x'.repeat(2_048))
    writer.add('rest')
    let isFlushed = false
    const flushed = writer.flush().then(() => (isFlushed = true))
    await ok()
    expect(isFlushed).toBe(false)
    await ok()
    await flushed
    expect(appends.map(({ text }) => text)).toEqual(['x'.repeat(2_048), 'rest'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not split a character', async () => {
    const { writer, appends, ok } = start()
    const [high, low] = '🙂'.split('') as [string, string]
    writer.add(`a${high}`)
    await vi.advanceTimersByTimeAsync(200)
    writer.add(`${low}b`)
    await ok()
    await vi.advanceTimersByTimeAsync(200)
    expect(appends.map(({ text }) => text)).toEqual(['a', '🙂b'])
  })

  it('ends when the answer was closed, and takes no more', async () => {
    const { writer, appends, ends } = start()
    writer.add('text')
    await vi.advanceTimersByTimeAsync(200)
    appends[0]?.answer({ kind: 'refused', refusal: { code: 'MESSAGE_CLOSED', message: 'closed' } })
    await writer.flush()
    writer.add('more')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ends).toEqual([{ kind: 'closed' }])
    expect(appends).toHaveLength(1)
  })

  it('repeats an append under the same index when the backend failed, and then gives up', async () => {
    const { writer, appends, ends } = start()
    writer.add('text')
    const flushed = writer.flush()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      appends[attempt]?.answer({ kind: 'failed', reason: 'Server Error' })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    await flushed
    expect(appends.map(({ index, text }) => ({ index, text }))).toEqual(
      Array(3).fill({ index: 0, text: 'text' }),
    )
    expect(ends).toEqual([{ kind: 'failed', cause: 'Server Error' }])
  })
})
