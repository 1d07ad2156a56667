import { internal } from '@rollcall/backend/api'
import { ConvexClient } from 'convex/browser'
import type { DefaultFunctionArgs, FunctionReference, FunctionReturnType } from 'convex/server'
import { WebSocket } from 'ws'
import type { AdminApi } from '../backend/AdminApi'
import type { Fleet } from './Fleet'
import { MACHINES_PER_PAGE } from './fetchFleet'

type Page = FunctionReturnType<typeof internal.fleet.list>

export interface FleetListener {
  /** The fleet as it is now; also when nothing but a heartbeat came in. */
  onFleet: (fleet: Fleet) => void
  onConnection: (connected: boolean) => void
  /** The subscription itself failed: nothing more will come. */
  onError: (error: Error) => void
}

/** Has it by the official client, on a subscription per page; the client reconnects by itself. Answers how to stop. */
export function watchFleet(api: AdminApi, listener: FleetListener): () => Promise<void> {
  const client = new ConvexClient(api.url, {
    webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
    unsavedChangesWarning: false,
    logger: false,
  })
  asAdmin(client, api.adminKey)
  const pages: Page[] = []
  const unsubscribers: (() => void)[] = []

  const show = () => {
    const complete = pages.length === unsubscribers.length && pages.at(-1)?.isDone === true
    if (complete) listener.onFleet({ machines: pages.flatMap(({ page }) => page) })
  }
  const cutAfter = (index: number) => {
    for (const unsubscribe of unsubscribers.splice(index + 1)) unsubscribe()
    pages.splice(index + 1)
  }
  const follow = (index: number, cursor: string | null) => {
    // The client takes internal functions from an admin; its types know public ones only.
    const list = internal.fleet.list as unknown as FunctionReference<
      'query',
      'public',
      DefaultFunctionArgs,
      Page
    >
    const paginationOpts = { cursor, numItems: MACHINES_PER_PAGE }
    const unsubscribe = client.onUpdate(
      list,
      { paginationOpts },
      (page) => {
        const before = pages[index]
        pages[index] = page
        if (page.isDone) cutAfter(index)
        else if (before?.continueCursor !== page.continueCursor) {
          cutAfter(index)
          follow(index + 1, page.continueCursor)
        }
        show()
      },
      (error) => listener.onError(error),
    )
    unsubscribers[index] = () => unsubscribe()
  }
  follow(0, null)
  const stopListening = client.subscribeToConnectionState(({ isWebSocketConnected, hasEverConnected }) => {
    if (hasEverConnected) listener.onConnection(isWebSocketConnected)
  })
  return async () => {
    stopListening()
    await client.close()
  }
}

/** Every client has the method; only its declarations leave it out. */
function asAdmin(client: ConvexClient, adminKey: string): void {
  const admin = client as ConvexClient & { setAdminAuth?: (key: string) => void }
  if (admin.setAdminAuth === undefined)
    throw new Error('This version of the Convex client takes no admin key')
  admin.setAdminAuth(adminKey)
}
