import { createHash, randomBytes } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { api } from '@rollcall/backend/api'
import { errorOf, formatWorkerToken } from '@rollcall/backend/contract'
import type { Doc, Id, TableNames } from '@rollcall/backend/dataModel'
import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import { ConvexHttpClient } from 'convex/browser'
import { pino } from 'pino'

const functionsDir = fileURLToPath(new URL('../../backend/convex', import.meta.url))

export const silent = pino({ level: 'silent' })

export interface TestWorker {
  workerId: Id<'workers'>
  machineId: Id<'machines'>
  secret: string
  token: string
}

/** A real embedded backend with a signed-in owner. Must be closed. */
export class TestBackend {
  private constructor(
    private embedded: EmbeddedBackend,
    private readonly dataDir: string,
  ) {}

  static async start({ dataDir = ':memory:', port = 0 } = {}): Promise<TestBackend> {
    const embedded = await startEmbeddedBackend({ functionsDir, dataDir, port, logger: silent })
    return new TestBackend(embedded, dataDir)
  }

  get url(): string {
    return this.embedded.url
  }

  close(): Promise<void> {
    return this.embedded.close()
  }

  /** Stops the backend and starts it again on the same data and port. Needs a data folder. */
  async restart(whileDown: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { port } = this.embedded
    await this.embedded.close()
    await whileDown()
    const { dataDir } = this
    this.embedded = await startEmbeddedBackend({ functionsDir, dataDir, port, logger: silent })
  }

  /** Calls an internal function with the admin key. */
  async admin(path: string, args: object): Promise<unknown> {
    const response = await fetch(`${this.url}/api/function`, {
      method: 'POST',
      headers: { authorization: `Convex ${this.embedded.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ path, format: 'convex_encoded_json', args }),
    })
    const body = (await response.json()) as { status: string; value: unknown; errorMessage?: string }
    if (body.status !== 'success') throw new Error(`${path}: ${body.errorMessage ?? response.status}`)
    return body.value
  }

  async makeWorker(name = 'api'): Promise<TestWorker> {
    const secret = randomBytes(32).toString('base64url')
    const secretHash = createHash('sha256').update(secret).digest('hex')
    const ids = (await this.admin('localOwner:ensureWorker', {
      machineName: 'build-03',
      workerName: name,
      secretHash,
    })) as { workerId: Id<'workers'>; machineId: Id<'machines'> }
    return { ...ids, secret, token: formatWorkerToken({ ...ids, secret }) }
  }

  /** A client signed in as the local owner. */
  async owner(): Promise<ConvexHttpClient> {
    const user = this.rows('users')[0]
    if (!user) throw new Error('makeWorker makes the owner')
    const { sessionId } = (await this.admin('auth:store', {
      args: { type: 'signIn', userId: user._id, generateTokens: false },
    })) as { sessionId: string }
    const client = new ConvexHttpClient(this.url, { logger: false })
    const identity = {
      subject: `${user._id}|${sessionId}`,
      issuer: this.url,
      tokenIdentifier: `${this.url}|${user._id}`,
    }
    ;(client as unknown as { setAdminAuth: (key: string, as: object) => void }).setAdminAuth(
      this.embedded.adminKey,
      identity,
    )
    return client
  }

  rows<Table extends TableNames>(table: Table): Doc<Table>[] {
    return this.embedded.engine.readTable(table, { order: 'asc', cursor: null, numItems: 1_000 })
      .page as unknown as Doc<Table>[]
  }

  worker({ workerId }: TestWorker): Doc<'workers'> {
    const worker = this.rows('workers').find(({ _id }) => _id === workerId)
    if (!worker) throw new Error(`no worker ${workerId}`)
    return worker
  }

  /** The answers of a chat, oldest first. */
  answers(sessionId: Id<'sessions'>): Doc<'messages'>[] {
    return this.rows('messages').filter((row) => row.sessionId === sessionId && row.role === 'assistant')
  }

  session(sessionId: Id<'sessions'>): Doc<'sessions'> | undefined {
    return this.rows('sessions').find(({ _id }) => _id === sessionId)
  }

  /** A new chat in which this is asked; a person who asks too often is waited for. */
  async chat(
    { workerId }: TestWorker,
    model: string | undefined,
    ...texts: string[]
  ): Promise<Id<'sessions'>> {
    const owner = await this.owner()
    const sessionId = await unlimited(() =>
      owner.mutation(api.chat.startSession, { workerId, ...(model && { model }) }),
    )
    for (const text of texts) {
      await unlimited(() => owner.mutation(api.chat.sendMessage, { sessionId, text }))
    }
    return sessionId
  }
}

/** Calls again whenever the backend says when it may. */
async function unlimited<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (thrown: unknown) {
      const retryAt = errorOf(thrown)?.retryAt
      if (retryAt === undefined) throw thrown
      await new Promise((resolve) => setTimeout(resolve, retryAt - Date.now()))
    }
  }
}

/** Polls until `probe` answers something else than undefined or false. Throws after `timeoutMs`, naming `what`. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 15_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** A URL of this machine at which nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
