import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Engine, Peer } from '../../engine/types'
import type { Authenticator } from '../auth/Authenticator'
import type { Calls } from '../Calls'
import { peerOf } from '../http/peerOf'
import { Turns } from '../Turns'
import { parseClientMessage } from './clientMessage'
import { LiveQueries } from './LiveQueries'
import { SyncSession } from './SyncSession'
import { SyncSocket } from './SyncSocket'

/** Arguments may be 16 MiB. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024
const CLOSE_GOING_AWAY = 1001
/** How long a client gets to answer the closing handshake. */
const CLOSE_TIMEOUT_MS = 500

const syncPath = /^\/api\/[^/]+\/sync$/

/** All clients' sockets. */
export class SyncServer {
  private readonly upgrader = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })
  private readonly sessions = new Map<SyncSession, SyncSocket>()
  private readonly turns = new Turns()
  private readonly unsubscribe: () => void

  constructor(
    private readonly engine: Engine,
    private readonly calls: Calls,
    private readonly authenticator: Authenticator,
    private readonly logger: Logger,
  ) {
    this.unsubscribe = engine.onReload(() => {
      for (const session of this.sessions.keys()) session.onReload()
    })
  }

  accepts(path: string): boolean {
    return syncPath.test(path)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgrader.handleUpgrade(request, socket, head, (accepted) => this.open(accepted, peerOf(request)))
  }

  /** Says goodbye to everybody; resolves when all sockets are closed. */
  async close(): Promise<void> {
    this.unsubscribe()
    const gone = [...this.upgrader.clients].map(
      (client) => new Promise((resolve) => client.once('close', resolve)),
    )
    for (const session of this.sessions.keys()) session.close(CLOSE_GOING_AWAY, 'ServerStopping')
    const impatience = setTimeout(() => {
      for (const client of this.upgrader.clients) client.terminate()
    }, CLOSE_TIMEOUT_MS)
    await Promise.all(gone)
    clearTimeout(impatience)
    this.upgrader.close()
  }

  private open(accepted: WebSocket, peer: Peer): void {
    const { calls, authenticator, logger } = this
    const socket = new SyncSocket(accepted)
    const queries = new LiveQueries(calls, () => this.engine.latestTs(), this.turns)
    const session = new SyncSession({ socket, queries, calls, authenticator, logger, peer })
    this.sessions.set(session, socket)
    accepted.on('message', (data, isBinary) => {
      const message = isBinary ? undefined : parseClientMessage(asText(data))
      if (message) session.receive(message)
      else session.refuse('The message is malformed')
    })
    accepted.on('error', (error) => logger.debug({ event: 'sync.socketError', message: error.message }))
    accepted.once('close', () => {
      session.closed()
      this.sessions.delete(session)
    })
  }
}

function asText(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}
