import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  scriptedModels,
  scriptedProviderConfig,
  startScriptedModel,
  type ScriptedModelServer,
} from '../src/index'

interface Chunk {
  choices: {
    delta: {
      content?: string
      reasoning_content?: string
      tool_calls?: { function: { arguments: string } }[]
    }
    finish_reason: string | null
  }[]
}

let server: ScriptedModelServer
beforeAll(async () => {
  server = await startScriptedModel()
})
afterAll(() => server.close())

const bash = { type: 'function', function: { name: 'bash', parameters: {} } }

function ask(model: string, extra: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Is anybody there?' }],
      tools: [bash],
      ...extra,
    }),
    ...(signal && { signal }),
  })
}

async function chunks(response: Response): Promise<Chunk[]> {
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '' && line !== 'data: [DONE]')
  return lines.map((line) => JSON.parse(line.replace(/^data: /, '')) as Chunk)
}

function textOf(list: Chunk[]): string {
  return list.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
}

function finishOf(list: Chunk[]): string | null | undefined {
  return list.at(-1)?.choices[0]?.finish_reason
}

describe('answers', () => {
  it('ok reflects the question, in pieces, and finishes', async () => {
    const started = Date.now()
    const list = await chunks(await ask('ok'))
    expect(textOf(list)).toContain('You wrote: “Is anybody there?”')
    expect(list.length).toBeGreaterThan(20)
    expect(finishOf(list)).toBe('stop')
    expect(Date.now() - started).toBeGreaterThan(500)
  })

  it('ok answers without streaming too', async () => {
    const response = await ask('ok', { stream: false })
    expect(await response.json()).toMatchObject({
      choices: [
        {
          message: { content: expect.stringContaining('Is anybody there?') as string },
          finish_reason: 'stop',
        },
      ],
    })
  })

  it('answers a title request in one short line, whatever the model would do', async () => {
    const messages = [
      { role: 'system', content: 'You are a title generator.' },
      { role: 'user', content: [{ type: 'text', text: 'one two three four five six seven' }] },
    ]
    const list = await chunks(await ask('slow', { messages, tools: [] }))
    expect(textOf(list)).toBe('one two three four five six')
  })

  it('long is long and whole', async () => {
    const text = textOf(await chunks(await ask('long')))
    expect(text.length).toBeGreaterThan(90_000)
    expect(text.split('\n').map((line) => Number(/^Line (\d+)/.exec(line)?.[1]))).toEqual(
      text.split('\n').map((_, index) => index + 1),
    )
  })

  it('reasoning thinks before it answers', async () => {
    const list = await chunks(await ask('reasoning'))
    expect(list[0]?.choices[0]?.delta.reasoning_content).toBe('First')
    expect(textOf(list)).toBe('Having thought about it: yes.')
  })

  it('tool calls bash with the wished command, and reports its result', async () => {
    const question = { role: 'user', content: 'please\nrun: uname -a\n' }
    const call = await chunks(await ask('tool', { messages: [question] }))
    const json = call[0]?.choices[0]?.delta.tool_calls?.[0]?.function.arguments ?? ''
    expect(JSON.parse(json)).toMatchObject({ command: 'uname -a' })
    expect(finishOf(call)).toBe('tool_calls')

    const after = [question, { role: 'assistant', content: null }, { role: 'tool', content: 'Linux' }]
    expect(textOf(await chunks(await ask('tool', { messages: after })))).toBe('The command said: Linux')
  })

  it('tool calls any other tool, offered or not, and reports its result', async () => {
    const question = { role: 'user', content: 'call: read {"filePath": "a.txt"}' }
    const call = await chunks(await ask('tool', { messages: [question] }))
    expect(call[0]?.choices[0]?.delta.tool_calls).toMatchObject([
      { function: { name: 'read', arguments: '{"filePath": "a.txt"}' } },
    ])
    const after = [question, { role: 'assistant', content: null }, { role: 'tool', content: 'Hello' }]
    expect(textOf(await chunks(await ask('tool', { messages: after })))).toBe('The tool said: Hello')
  })
})

describe('failures', () => {
  it.each([
    ['e401', 401],
    ['e429', 429],
    ['e500', 500],
    ['nothing-like-this', 404],
  ])('%s answers %i', async (model, status) => {
    const response = await ask(model)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) as string } })
  })

  it('cut breaks the connection after some text', async () => {
    const response = await ask('cut')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  it('eof ends cleanly without a finish_reason', async () => {
    const list = await chunks(await ask('eof'))
    expect(textOf(list)).toBe('This answer has no end')
    expect(finishOf(list)).toBeNull()
  })

  it('malformed sends what is not JSON', async () => {
    const last = (await (await ask('malformed')).text()).trim().split('\n\n').at(-1) ?? ''
    expect(() => JSON.parse(last.replace(/^data: /, '')) as unknown).toThrow()
  })

  it('hang sends headers and no byte until the client leaves', async () => {
    const leave = new AbortController()
    const response = await ask('hang', {}, leave.signal)
    expect(response.status).toBe(200)
    const first = await Promise.race([
      response.body?.getReader().read(),
      new Promise((resolve) => setTimeout(() => resolve('silence'), 100)),
    ])
    expect(first).toBe('silence')
    leave.abort()
  })

  it('refuses what is no completion request', async () => {
    expect((await ask('ok', { messages: 'none' })).status).toBe(400)
    expect((await fetch(`${server.url}/v1/elsewhere`)).status).toBe(404)
  })
})

describe('server', () => {
  it('lists its models, and the provider configuration names the same ones', async () => {
    const { data } = (await (await fetch(`${server.url}/v1/models`)).json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(scriptedModels.map(({ id }) => id))
    const config = scriptedProviderConfig(server.url) as { provider: { scripted: { models: object } } }
    expect(Object.keys(config.provider.scripted.models)).toEqual(scriptedModels.map(({ id }) => id))
  })

  it('counts requests, closes with an answer open, and frees its port', async () => {
    const own = await startScriptedModel()
    const open = await fetch(`${own.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'hang', stream: true, messages: [] }),
    })
    expect(own.requests()).toBe(1)
    expect(own.requests('hang')).toBe(1)
    expect(own.requests('ok')).toBe(0)
    await Promise.all([own.close(), own.close()])
    await expect(open.text()).rejects.toThrow()
    const again = await startScriptedModel({ port: own.port })
    await again.close()
  })

  it('rejects when its port is taken', async () => {
    await expect(startScriptedModel({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
