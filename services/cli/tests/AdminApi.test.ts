import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { internal } from '@rollcall/backend/api'
import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AdminApi } from '../src/backend/AdminApi'
import { AdminKeyRefusedError, BackendCallError, RefusalError } from '../src/errors'
import { paths } from '../src/paths'

let backend: EmbeddedBackend
let stranger: Server
let strangersUrl: string

beforeAll(async () => {
  const logger = pino({ level: 'silent' })
  backend = await startEmbeddedBackend({
    functionsDir: paths.functions,
    dataDir: ':memory:',
    port: 0,
    logger,
  })
  stranger = createServer((_request, response) => response.end('<h1>Welcome</h1>'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  strangersUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
})
afterAll(async () => {
  await backend.close()
  stranger.closeAllConnections()
  await new Promise((resolve) => stranger.close(resolve))
})

const change = (url: string, key: string, heartbeatIntervalMs: number) =>
  new AdminApi(url, key).run(internal.settings.update, { heartbeatIntervalMs })

describe('AdminApi', () => {
  it('answers what a function answers', async () => {
    const admin = new AdminApi(backend.url, backend.adminKey)
    await admin.run(internal.settings.update, { heartbeatIntervalMs: 20_000 })
    expect(await admin.run(internal.settings.get, {})).toMatchObject({ heartbeatIntervalMs: 20_000 })
  })

  it('throws the refusal of a function, with its code', async () => {
    const refused = await change(backend.url, backend.adminKey, 1).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RefusalError)
    expect(refused).toMatchObject({ code: 'SETTINGS_INVALID' })
  })

  it('knows a key that is not taken, and what is no backend', async () => {
    await expect(change(backend.url, 'another', 20_000)).rejects.toBeInstanceOf(AdminKeyRefusedError)
    const answered = await change(strangersUrl, 'any', 20_000).catch((error: unknown) => error)
    expect(answered).toBeInstanceOf(BackendCallError)
    expect(String(answered)).toMatch(/ at http:.*: it answers 200, but not as a Convex deployment does$/)
  })
})
