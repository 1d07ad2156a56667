import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { Network } from '../../src/chaos/fleet/Network'
import { Random } from '../../src/chaos/random'

it('keeps the order of a stream that was slow and is well again', async () => {
  let heard = ''
  const server = createServer((socket) => socket.on('data', (chunk) => (heard += chunk.toString())))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const network = await Network.to(`http://127.0.0.1:${port}`, new Random(1))
  const client = connect(Number(new URL(network.url).port), '127.0.0.1')
  onTestFinished(async () => {
    client.destroy()
    await network.close()
    server.close()
  })

  let said = ''
  for (let round = 0; round < 40; round += 1) {
    network.become(round % 2 === 0 ? 'slow' : 'fine')
    for (let word = 0; word < 5; word += 1) {
      said += `${round}.${word} `
      client.write(`${round}.${word} `)
      await wait(3)
    }
  }
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(said.length)
  expect(heard).toBe(said)
})
