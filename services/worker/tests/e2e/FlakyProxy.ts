import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * `half-open`: what is connected stays so, and what is sent goes nowhere; such a connection never comes back to life.
 * `slow`: everything arrives, `delayMs` late each way.
 */
export type Network = 'fine' | 'cut' | 'slow' | 'half-open'

/** A network between a worker and its backend, of the quality that the test chooses. Must be closed. */
export class FlakyProxy {
  network: Network = 'fine'
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(
    private readonly target: URL,
    private readonly delayMs: number,
  ) {
    this.#server = createServer((client) => this.#accept(client))
  }

  static async to(url: string, { delayMs }: { delayMs: number }): Promise<FlakyProxy> {
    const proxy = new FlakyProxy(new URL(url), delayMs)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  become(network: Network): void {
    this.network = network
    if (network === 'cut') this.#destroyAll()
  }

  async close(): Promise<void> {
    this.#destroyAll()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    if (this.network === 'cut') {
      client.destroy()
      return
    }
    const backend = connect(Number(this.target.port), this.target.hostname)
    this.#forward(client, backend)
    this.#forward(backend, client)
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    let isDeaf = false
    // A stream keeps its order, also when the network has just become quick again.
    let arrived = Promise.resolve()
    from.on('data', (chunk) => {
      isDeaf ||= this.network === 'half-open'
      if (isDeaf) return
      const ms = this.network === 'slow' ? this.delayMs : 0
      const travelled = ms > 0 ? wait(ms) : Promise.resolve()
      arrived = arrived.then(async () => {
        await travelled
        if (to.writable) to.write(chunk)
      })
    })
    from.on('error', () => from.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
