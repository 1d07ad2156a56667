/**
 * A program of its own: the page from Vite, reloading on change, for the backend to pass requests on to. Tells its address to
 * whoever started it, and ends with it.
 */
import { stopSignals } from '@rollcall/worker/stop-request'
import { createServer } from 'vite'
import { paths } from './paths'

const server = await createServer({
  root: paths.web,
  server: { host: '127.0.0.1', port: 0, strictPort: false },
  clearScreen: false,
  logLevel: 'warn',
})
const end = () => {
  void server.close().finally(() => process.exit(0))
}
process.once('disconnect', end)
process.once('SIGTERM', end)
for (const signal of stopSignals) if (signal !== 'SIGTERM') process.on(signal, () => undefined)

await server.listen()
const address = server.httpServer?.address()
if (typeof address !== 'object' || address === null) throw new Error('Vite does not say where it listens')
process.send?.({ url: `http://127.0.0.1:${address.port}` })
