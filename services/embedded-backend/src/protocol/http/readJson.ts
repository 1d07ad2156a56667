import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { HttpRefusal } from '../../errors'

/** Arguments may be 16 MiB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** The request's body as `schema` wants it; throws `HttpRefusal`. */
export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const body = await readBody(request)
  let json: unknown
  try {
    json = JSON.parse(body || '{}')
  } catch {
    throw new HttpRefusal(400, 'BadJsonBody', 'The request body is not JSON.')
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const problem = parsed.error.issues
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
    .join('; ')
  throw new HttpRefusal(400, 'BadJsonBody', `The request body does not fit: ${problem}`)
}

/** By events, of which a small body has two; an iterator over the stream makes promises for each. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else reject(new HttpRefusal(413, 'BodyTooLarge', 'The request body is over 32 MiB.'))
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
  })
}
