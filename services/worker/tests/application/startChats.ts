import { ChatSessionManager } from '../../src/application/ChatSessionManager'
import { BackendGateway } from '../../src/infrastructure/convex/BackendGateway'
import type { Opencode } from '../../src/infrastructure/opencode'
import { silent, type TestBackend, type TestWorker } from '../setup'

export interface Chats {
  made: TestWorker
  gateway: BackendGateway
  chats: ChatSessionManager
  /** What was told of the number of running prompts. */
  activity: number[]
  close: () => Promise<void>
}

/** A new worker that is registered and ready in this backend and takes work with this opencode. Must be closed. */
export async function startChats(backend: TestBackend, name: string, opencode: Opencode): Promise<Chats> {
  const made = await backend.makeWorker(name)
  const activity: number[] = []
  const gateway: BackendGateway = new BackendGateway({
    url: backend.url,
    workerId: made.workerId,
    secret: made.secret,
    logger: silent,
    listener: {
      onRefusal: () => {},
      onConnection: () => {},
      onSelf: () => {},
      onQueued: (queued) => chats.offer(queued),
      onStops: (stops) => chats.stop(stops),
      onReplies: (replies) => chats.handOn(replies),
    },
  })
  const chats = new ChatSessionManager({
    backend: gateway,
    onActivity: (prompts) => activity.push(prompts),
    stopOpencode: () => opencode.stop(),
    logger: silent,
  })
  const described = { hostname: 'h', pid: 1, directory: '/', versions: { worker: '0', node: '20' }, key: 'k' }
  await gateway.register(described, AbortSignal.timeout(5_000))
  gateway.follow()
  await gateway.ready(opencode.version)
  chats.serve(opencode)
  const close = async () => {
    await chats.disconnectAll()
    await gateway.close()
  }
  return { made, gateway, chats, activity, close }
}
