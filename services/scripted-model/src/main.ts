import { parseArgs } from 'node:util'
import { startScriptedModel } from './startScriptedModel'

/** The server as a program: `main.ts [--port 8080]`. Prints one JSON line with its url; ends on SIGTERM and SIGINT. */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(`--port must be a number from 0 to 65535, not "${values.port}"\n`)
  process.exit(2)
}

const server = await startScriptedModel({ port }).catch((error: unknown) => {
  process.stderr.write(
    `Port ${port} cannot be used: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  return process.exit(1)
})
process.stdout.write(`${JSON.stringify({ event: 'scripted-model.ready', url: server.url })}\n`)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close())
