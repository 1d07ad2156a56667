import { createServer } from 'node:net'

/** A TCP port on 127.0.0.1 that was free a moment ago; whoever uses it must be ready to find it taken. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The probe socket has no port')
  return address.port
}
