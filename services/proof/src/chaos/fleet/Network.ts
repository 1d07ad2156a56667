import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { networks } from '../schedule/Schedule'
import type { Random } from '../random'

export type NetworkState = 'fine' | (typeof networks)[number]

/** Of a slow network, each way; and the most of a reordered one. Milliseconds. */
const SLOW_MS = 400
const REORDERED_MS = 1_500

/**
 * The network between one worker and the backend. `cut`: every connection breaks, and none is made. `half-open`: what is connected
 * stays so and never hears of the other side again. `slow`: all is late. `reordered`: each connection is late by a time of its own, so
 * that what was sent later may arrive first; what was sent arrives, also after its sender has gone. Must be closed.
 */
export class Network {
  private state: NetworkState = 'fine'
  private readonly sockets = new Set<Socket>()
  private readonly connections = new Set<{ isDeaf: boolean }>()

  private constructor(
    private readonly server: Server,
    private readonly target: { port: number; host: string },
    private readonly random: Random,
  ) {}

  static async to(url: string, random: Random): Promise<Network> {
    const { port, hostname: host } = new URL(url)
    const server = createServer()
    const network = new Network(server, { port: Number(port), host }, random)
    server.on('connection', (client) => network.accept(client))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return network
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  become(state: NetworkState): void {
    this.state = state
    if (state === 'cut') for (const socket of this.sockets) socket.destroy()
    if (state === 'half-open') for (const connection of this.connections) connection.isDeaf = true
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private accept(client: Socket): void {
    if (this.state === 'cut') {
      client.destroy()
      return
    }
    const backend = connect(this.target)
    const ownDelayMs = this.random.whole(0, REORDERED_MS)
    const connection = { isDeaf: this.state === 'half-open' }
    this.connections.add(connection)
    client.once('close', () => this.connections.delete(connection))
    this.forward(client, backend, connection, ownDelayMs)
    this.forward(backend, client, connection, ownDelayMs)
  }

  private forward(from: Socket, to: Socket, connection: { isDeaf: boolean }, ownDelayMs: number): void {
    this.sockets.add(from)
    /** What is under way: a stream keeps its order, also when the network has just become quick again. */
    const queue: { at: number; work: () => void }[] = []
    const arrive = () => {
      for (let head = queue[0]; head && head.at <= performance.now(); head = queue[0]) {
        queue.shift()
        head.work()
      }
      const [next] = queue
      if (next) setTimeout(arrive, Math.max(1, next.at - performance.now())).unref()
    }
    const later = (work: () => void) => {
      const delayMs = { fine: 0, cut: 0, 'half-open': 0, slow: SLOW_MS, reordered: ownDelayMs }[this.state]
      queue.push({ at: performance.now() + delayMs, work })
      if (queue.length === 1) arrive()
    }
    from.setNoDelay(true)
    from.on('data', (chunk) => {
      if (connection.isDeaf) return
      later(() => {
        if (to.writable) to.write(chunk)
      })
    })
    from.on('error', () => from.destroy())
    from.on('close', () => {
      this.sockets.delete(from)
      if (this.state === 'cut') to.destroy()
      else if (!connection.isDeaf) later(() => to.destroySoon())
    })
  }
}
