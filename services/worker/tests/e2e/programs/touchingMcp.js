// @ts-check
/** An MCP server with one tool, `touch`, which makes the file it is given. */
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const touch = {
  name: 'touch',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
}

/** @type {Record<string, (params: { protocolVersion?: string, arguments?: { path: string } }) => object>} */
const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'touching', version: '1' },
  }),
  'tools/list': () => ({ tools: [touch] }),
  'tools/call': (params) => {
    if (params.arguments) writeFileSync(params.arguments.path, '')
    return { content: [{ type: 'text', text: 'Touched.' }] }
  },
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const result = results[method]?.(params ?? {}) ?? {}
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
})
