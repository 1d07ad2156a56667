import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBackend } from '@rollcall/embedded-backend'
import { pino } from 'pino'

/** What the embedded backend says of a page beside the file itself. */
const OF_THE_FILE = [
  'content-length',
  'content-type',
  'last-modified',
  'etag',
  'date',
  'connection',
  'keep-alive',
]

/** The headers that the embedded backend sends with its page; `<host>` stands for its own name and port. */
export async function pageHeaders(): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-page-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  const backend = await startEmbeddedBackend({
    functionsDir: join(import.meta.dirname, '../../backend/convex'),
    dataDir: ':memory:',
    port: 0,
    page: { folder },
    logger: pino({ level: 'silent' }),
  })
  try {
    const { headers } = await fetch(backend.url)
    const { host } = new URL(backend.url)
    return new Map(
      [...headers]
        .filter(([name]) => !OF_THE_FILE.includes(name))
        .map(([name, value]) => [name, value.replaceAll(host, '<host>')]),
    )
  } finally {
    await backend.close()
    rmSync(folder, { recursive: true })
  }
}
