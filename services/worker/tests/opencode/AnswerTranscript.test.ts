import type { AssistantMessage, Event, Message, Part, ToolState, UserMessage } from '@opencode-ai/sdk/v2'
import { describe, expect, it } from 'vitest'
import type { PartUpdate, Usage } from '../../src/infrastructure/opencode'
import { AnswerTranscript } from '../../src/infrastructure/opencode/AnswerTranscript'

const sessionID = 'ses'
const time = { start: 0 }

function question(id: string): UserMessage {
  const model = { providerID: 'p', modelID: 'm' }
  return { id, sessionID, role: 'user', time: { created: 0 }, agent: 'build', model }
}

function asked(messageID: string, id = 'prt_other'): Part {
  return { id, type: 'text', text: 'Say it.', sessionID, messageID }
}

function answer(id: string, parentID: string, cost = 0, input = 0, output = 0, cached = 0): AssistantMessage {
  return {
    ...{ id, sessionID, role: 'assistant', time: { created: 0 }, parentID, cost },
    ...{ modelID: 'm', providerID: 'p', mode: 'build', agent: 'build', path: { cwd: '/', root: '/' } },
    tokens: { input, output, reasoning: 0, cache: { read: cached, write: 2 * cached } },
  }
}

function spoken(id: string, type: 'text' | 'reasoning', text = '', end?: number): Part {
  return { id, type, text, sessionID, messageID: 'a', time: { ...time, ...(end !== undefined && { end }) } }
}

function tool(state: ToolState): Part {
  return { id: 't', type: 'tool', tool: 'bash', callID: 'c', sessionID, messageID: 'a', state }
}

const input = { command: 'ls' }
const pending = tool({ status: 'pending', input: {}, raw: '' })
const running = tool({ status: 'running', input, title: 'Lists', metadata: { output: 'a' }, time })
const completed = tool({
  ...{ status: 'completed', input, title: 'Lists', output: 'a\nb', metadata: {} },
  time: { start: 0, end: 1 },
})

/** A transcript that nothing has been heard for. */
function unheard() {
  const heard = { text: '', parts: [] as PartUpdate[], usage: [] as Usage[] }
  const transcript = new AnswerTranscript({
    onText: (delta) => (heard.text += delta),
    onPart: (update) => heard.parts.push(update),
    onUsage: (usage) => heard.usage.push(usage),
  })
  const hear = {
    message: (info: Message) =>
      transcript.hear({ id: 'e', type: 'message.updated', properties: { sessionID, info } }),
    part: (part: Part) =>
      transcript.hear({ id: 'e', type: 'message.part.updated', properties: { sessionID, part, time: 0 } }),
    delta: (partID: string, delta: string) => {
      const properties = { sessionID, messageID: 'a', partID, field: 'text', delta }
      transcript.hear({ id: 'e', type: 'message.part.delta', properties } satisfies Event)
    },
    stored: (...parts: Part[]) => transcript.hearStored([{ info: answer('a', 'q'), parts }]),
  }
  return { transcript, heard, hear, last: () => heard.parts.at(-1)?.what }
}

/** One of an answer `a` to a question `q` that has just been asked. */
function begin() {
  const begun = unheard()
  const { hear, transcript } = begun
  hear.message(question('q'))
  hear.part(asked('q', transcript.questionPartId))
  hear.message(answer('a', 'q'))
  return begun
}

describe('AnswerTranscript', () => {
  it('tells reasoning as it grows, and when it is complete', () => {
    const { heard, hear } = begin()
    hear.part(spoken('r', 'reasoning'))
    hear.delta('r', 'First ')
    hear.delta('r', 'this.')
    hear.part(spoken('r', 'reasoning', 'First this.', 1))
    expect(heard.parts).toEqual([
      { key: 'r', at: 0, what: { kind: 'reasoning', status: 'running', text: 'First ' } },
      { key: 'r', at: 0, what: { kind: 'reasoning', status: 'running', text: 'First this.' } },
      { key: 'r', at: 0, what: { kind: 'reasoning', status: 'completed', text: 'First this.' } },
    ])
    expect(heard.text).toBe('')
  })

  it('says nothing of reasoning that nobody can read', () => {
    const { heard, hear } = begin()
    hear.part(spoken('r', 'reasoning', '\n', 1))
    expect(heard.parts).toEqual([])
  })

  it('tells a tool from its call to its output', () => {
    const { heard, hear } = begin()
    for (const part of [pending, running, completed]) hear.part(part)
    const common = { kind: 'tool', tool: 'bash', input: '{"command":"ls"}', title: 'Lists' }
    expect(heard.parts.map(({ what }) => what)).toEqual([
      { ...common, status: 'pending', title: '', input: '{}', output: '' },
      { ...common, status: 'running', output: 'a' },
      { ...common, status: 'completed', output: 'a\nb' },
    ])
  })

  it('tells why a tool failed', () => {
    const { hear, last } = begin()
    hear.part(tool({ status: 'error', input, error: 'No such file', time: { start: 0, end: 1 } }))
    expect(last()).toMatchObject({ status: 'failed', output: 'No such file' })
  })

  it('places a part after the text that came before it, in UTF-16 code units, and leaves it there', () => {
    const { heard, hear } = begin()
    hear.part(spoken('1', 'text', 'One 🙂'))
    hear.part(pending)
    hear.part(spoken('2', 'text', 'two'))
    hear.part(completed)
    hear.part(spoken('r', 'reasoning', 'Hm.', 1))
    expect(heard.text).toBe('One 🙂\n\ntwo')
    expect(heard.parts.map(({ key, at }) => [key, at])).toEqual([
      ['t', 6],
      ['t', 6],
      ['r', 11],
    ])
  })

  it('knows whether a tool is running', () => {
    const { transcript, hear } = begin()
    const states = [pending, running, completed].map((part) => {
      hear.part(part)
      return transcript.parts.isToolRunning
    })
    expect(states).toEqual([false, true, false])
  })

  it('does not go back to what was stored before it was heard', () => {
    const { heard, hear, last, transcript } = begin()
    hear.part(completed)
    hear.part(spoken('r', 'reasoning'))
    hear.delta('r', 'Hm.')
    hear.stored(running, spoken('r', 'reasoning'))
    expect(transcript.parts.isToolRunning).toBe(false)
    hear.delta('r', ' And?')
    expect(last()).toMatchObject({ text: 'Hm. And?' })
    expect(heard.parts.filter(({ key }) => key === 't')).toHaveLength(1)
    hear.part(spoken('r', 'reasoning', 'Hm. And?', 1))
    hear.stored(spoken('r', 'reasoning'))
    expect(last()).toMatchObject({ status: 'completed', text: 'Hm. And?' })
  })

  it('after a gap waits for reasoning as a whole instead of leaving a hole', () => {
    const { hear, last, transcript } = begin()
    hear.part(spoken('r', 'reasoning'))
    hear.delta('r', 'one ')
    transcript.hearGap()
    hear.delta('r', 'three')
    expect(last()).toMatchObject({ text: 'one ' })
    hear.stored(spoken('r', 'reasoning'), spoken('s', 'reasoning'))
    hear.delta('s', 'the end')
    expect(last()).toMatchObject({ text: 'one ' })
    hear.part(spoken('r', 'reasoning', 'one two three', 1))
    expect(last()).toMatchObject({ status: 'completed', text: 'one two three' })
  })

  it('takes nothing of the answers before it', () => {
    const { heard, hear } = begin()
    hear.message(question('earlier'))
    hear.part(asked('earlier'))
    hear.message(answer('b', 'earlier', 9, 9, 9))
    hear.part({ ...completed, messageID: 'b' })
    expect(heard.parts).toEqual([])
    expect(heard.usage).toEqual([])
  })

  it('finds its question among what is stored, where the events were missed', () => {
    const { transcript, heard } = unheard()
    const said = spoken('t', 'text', 'There.', 1)
    transcript.hearStored([
      { info: question('earlier'), parts: [asked('earlier')] },
      { info: answer('b', 'earlier'), parts: [{ ...said, messageID: 'b' }] },
      { info: question('q'), parts: [asked('q', transcript.questionPartId)] },
      { info: answer('a', 'q'), parts: [said] },
    ])
    expect(transcript.isBegun).toBe(true)
    expect(heard.text).toBe('There.')
    expect(transcript.owns('b')).toBe(false)
  })

  it('adds up what its messages have cost, each as it was told last', () => {
    const { heard, hear } = begin()
    hear.message(answer('a', 'q', 0.25, 10, 1, 5))
    hear.message(answer('a', 'q', 0.5, 20, 2, 6))
    hear.message(answer('b', 'q', Number.NaN, 100, -1, 1))
    expect(heard.usage.at(-1)).toEqual({
      ...{ usd: 0.5, inputTokens: 120, outputTokens: 2 },
      ...{ reasoningTokens: 0, cacheReadTokens: 7, cacheWriteTokens: 14 },
    })
  })

  it('does not know what an answer cost of which nothing was counted', () => {
    const { heard, hear } = begin()
    hear.message(answer('b', 'q'))
    expect(heard.usage).toEqual([])
  })
})
