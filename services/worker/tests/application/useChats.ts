import { afterAll, beforeAll, beforeEach } from 'vitest'
import { TestBackend } from '../setup'
import { HandOpencode } from './HandOpencode'
import { startChats, type Chats } from './startChats'

export interface PlayedChats extends Chats {
  backend: TestBackend
  opencode: HandOpencode
}

/** In each test of the file a worker that is ready in a real backend, with an opencode that the test plays by hand. */
export function useChats(): { readonly current: PlayedChats } {
  let backend: TestBackend
  let current: PlayedChats | undefined
  let workers = 0
  beforeAll(async () => {
    backend = await TestBackend.start()
  })
  afterAll(() => backend.close())
  beforeEach(async () => {
    workers += 1
    const opencode = new HandOpencode()
    const started = await startChats(backend, `worker ${workers}`, opencode)
    current = { ...started, backend, opencode }
    return started.close
  })
  return {
    get current() {
      if (current === undefined) throw new Error('useChats is for use inside a test')
      return current
    },
  }
}
