import { api } from '@rollcall/backend/api'
import { ConvexClient } from 'convex/browser'
import type { FunctionArgs, FunctionReturnType } from 'convex/server'
import { WebSocket } from 'ws'

export type Credentials = FunctionArgs<typeof api.workers.self>['credentials']
type Self = FunctionReturnType<typeof api.workers.self>
type Queued = FunctionReturnType<typeof api.answers.queued>
type Stops = FunctionReturnType<typeof api.answers.stops>

/** What one run of a worker is told. What it is refused, its next sign of life is refused as well: it hears of it there. */
interface Listener {
  onSelf: (self: Self) => void
  onQueued: (queued: Queued) => void
  onStops: (stops: Stops) => void
}

/** What all workers of the fleet follow, over one WebSocket, which connects again by itself. Must be closed. */
export class Following {
  private readonly client: ConvexClient

  constructor(url: string) {
    this.client = new ConvexClient(url, {
      webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
      unsavedChangesWarning: false,
      logger: false,
    })
  }

  /** Answers how to end it, which may be repeated. */
  follow(credentials: Credentials, { onSelf, onQueued, onStops }: Listener): () => void {
    const { client } = this
    const refused = () => undefined
    const ends = [
      client.onUpdate(api.workers.self, { credentials }, onSelf, refused),
      client.onUpdate(api.answers.queued, { credentials }, onQueued, refused),
      client.onUpdate(api.answers.stops, { credentials }, onStops, refused),
    ]
    return () => {
      // The client takes none of them twice.
      for (const end of ends.splice(0)) end()
    }
  }

  async close(): Promise<void> {
    await this.client.close()
  }
}
