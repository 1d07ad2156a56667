import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { adminRoutes } from '../admin/adminRoutes'
import { CallMetrics } from '../admin/CallMetrics'
import { inspectRoutes } from '../admin/inspectRoutes'
import type { Engine } from '../engine/types'
import { HttpRefusal } from '../errors'
import { INSPECT_PREFIX, inspectPage } from '../inspect/inspectPage'
import { Authenticator, nobody } from './auth/Authenticator'
import { callerOf } from './auth/callerOf'
import { KeySets } from './auth/KeySets'
import { Calls } from './Calls'
import { FunctionApi, type ApiRoute } from './http/FunctionApi'
import { isOwnOrigin } from './http/isOwnOrigin'
import { peerOf } from './http/peerOf'
import { replyJson, replyText } from './http/reply'
import { HTTP_ACTION_PREFIX, runHttpAction } from './http/runHttpAction'
import { DevServerProxy } from './page/DevServerProxy'
import { noPage } from './page/noPage'
import { pageFolder, type PageHandler } from './page/pageFolder'
import { SyncServer } from './sync/SyncServer'

export interface BackendServerOptions {
  engine: Engine
  adminKey: string
  url: string
  siteUrl: string
  page: { folder: string } | { devServer: string } | undefined
  logger: Logger
}

/**
 * Where each request goes: to the API below `/api`, to the functions' own HTTP actions below `/http`, to `/_inspect`, or to the
 * page. `/version` and `/instance_name` answer `embedded`. WebSockets go to `/api/<version>/sync`, where `ConvexClient` speaks.
 */
export class BackendServer {
  private readonly routes: Record<string, ApiRoute>
  private readonly authenticator: Authenticator
  private readonly sync: SyncServer
  private readonly metrics: CallMetrics
  private readonly page: PageHandler
  private readonly devServer: DevServerProxy | null

  constructor(private readonly options: BackendServerOptions) {
    const { engine, adminKey, url, siteUrl, page, logger } = options
    const keySets = new KeySets((address, signal) =>
      address.startsWith(`${siteUrl}/`)
        ? engine.http(new Request(`${url}${address.slice(siteUrl.length)}`, { signal }))
        : fetch(address, { signal }),
    )
    const authenticator = (this.authenticator = new Authenticator(
      adminKey,
      () => engine.authProviders(),
      keySets,
    ))
    const system = { engine, cloudUrl: () => url, siteUrl: () => siteUrl }
    const calls = new Calls(engine, system, (path, err) =>
      logger.error({ event: 'function.fault', path, err }),
    )
    const api = new FunctionApi(engine, calls, authenticator)
    this.metrics = new CallMetrics(engine)
    this.routes = {
      ...api.routes,
      ...adminRoutes(engine, api),
      ...inspectRoutes(engine, this.metrics, api),
    }
    this.sync = new SyncServer(engine, calls, authenticator, logger)
    this.devServer = page && 'devServer' in page ? new DevServerProxy(page.devServer) : null
    this.page = page && 'folder' in page ? pageFolder(page.folder) : (this.devServer?.handle ?? noPage)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    try {
      if (path === '/version') replyText(response, 200, 'embedded')
      else if (path === '/instance_name') replyText(response, 200, 'embedded')
      else if (isBelow(path, '/api')) await this.handleApi(path, request, response)
      else if (isBelow(path, HTTP_ACTION_PREFIX)) {
        await this.handleHttpAction(request, response)
      } else if (isBelow(path, INSPECT_PREFIX)) inspectPage(request, response)
      else this.page(request, response)
    } catch (error) {
      this.replyToFault(path, error, response)
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isFromOwnPage(request)) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    else if (this.sync.accepts(pathOf(request))) this.sync.upgrade(request, socket, head)
    else if (this.devServer) this.devServer.upgrade(request, socket, head)
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
  }

  /** Resolves when all WebSockets are closed. */
  async close(): Promise<void> {
    this.metrics.stop()
    await this.sync.close()
  }

  private async handleApi(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isFromOwnPage(request)) {
      throw new HttpRefusal(403, 'ForeignOrigin', 'Pages of other origins may not call this server.')
    }
    const route = this.routes[`${request.method ?? ''} ${path}`]
    if (!route) throw new HttpRefusal(404, 'NotFound', `The embedded backend has no ${path}.`)
    replyJson(response, 200, await route(request))
  }

  /** A header that is none of our tokens is the HTTP action's own business. */
  private async handleHttpAction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { engine, url } = this.options
    const peer = peerOf(request)
    const result = await this.authenticator.header(request.headers.authorization)
    const caller = callerOf(peer, result.kind === 'authenticated' ? result : nobody)
    await runHttpAction(engine, url, request, response, caller)
  }

  private replyToFault(path: string, error: unknown, response: ServerResponse): void {
    // The client hung up: nobody is left to be answered, and nothing is wrong.
    if (response.destroyed) return
    const refusal = error instanceof HttpRefusal ? error : null
    if (!refusal) this.options.logger.error({ event: 'http.fault', path, err: error })
    if (response.headersSent) {
      response.destroy()
      return
    }
    const { code, message } = refusal ?? { code: 'InternalServerError', message: 'Something went wrong.' }
    replyJson(response, refusal?.status ?? 500, { code, message })
  }
}

function isFromOwnPage({ headers }: IncomingMessage): boolean {
  return isOwnOrigin(headers.origin, headers.host)
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
