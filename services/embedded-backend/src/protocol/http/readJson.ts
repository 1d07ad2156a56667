import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { HttpRefusal } from '../../errors'

/** Arguments may be 16 MiB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** The request's body as `schema` wants it; throws `HttpRefusal`. */
export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new HttpRefusal(413, 'BodyTooLarge', 'The request body is over 32 MiB.')
    chunks.push(chunk)
  }
  let json: unknown
  try {
    json = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')
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
