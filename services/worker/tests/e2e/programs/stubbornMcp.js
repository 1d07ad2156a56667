// @ts-check
/** An MCP server that does its work and ignores whatever asks it to end: signals, the end of its input. */
import { createInterface } from 'node:readline'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {})
process.stdin.on('end', () => {})
process.stdout.on('error', () => {})
setInterval(() => {}, 60_000)

/** @type {Record<string, (params: { protocolVersion?: string }) => object>} */
const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'stubborn', version: '1' },
  }),
  'tools/list': () => ({ tools: [] }),
  ping: () => ({}),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const result = results[method]?.(params ?? {}) ?? {}
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
})
