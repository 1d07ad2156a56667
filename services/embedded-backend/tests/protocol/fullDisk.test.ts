import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvexError } from 'convex/values'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { api } from './api'
import { connectClient, startTestBackend, temporaryDir } from './startTestBackend'

const MIB = 1 << 20
const ROOM = { room: 'a' }

/** A file system of its own, unmounted when the test is over; null where this process may not mount. */
async function mounted(...options: string[]): Promise<string | null> {
  const folder = await temporaryDir()
  try {
    execFileSync('mount', [...options, folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', [folder]))
  return folder
}

async function fillUp(folder: string): Promise<() => Promise<void>> {
  const filler = join(folder, 'filler')
  await expect(writeFile(filler, Buffer.alloc(8 * MIB))).rejects.toMatchObject({ code: 'ENOSPC' })
  return () => rm(filler)
}

describe('a data folder on a disk that is full or read-only', () => {
  it('tells clients that nothing was stored, goes on answering queries, and goes on when there is space', async ({
    skip,
  }) => {
    const folder = await mounted('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs')
    if (folder === null) return skip('only root can mount a small disk')
    const dataDir = join(folder, 'data')
    const backend = await startTestBackend({ dataDir })
    const client = connectClient(backend.url)
    const seen: string[][] = []
    client.onUpdate(api.list, ROOM, (texts) => void seen.push(texts))
    await client.mutation(api.send, { ...ROOM, text: 'kept' })
    const makeSpace = await fillUp(folder)
    // More than the log has ready.
    const lost = 'x'.repeat(100_000)
    const refusal: unknown = await client
      .mutation(api.send, { ...ROOM, text: lost })
      .catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ConvexError)
    expect((refusal as ConvexError<{ code: string }>).data.code).toBe('DATA_FOLDER_FULL')
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['kept']))
    await makeSpace()
    await vi.waitFor(() => client.mutation(api.send, { ...ROOM, text: 'after' }), { timeout: 5_000 })
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['kept', 'after']))
    expect(seen.flat(), 'what was taken back was never shown').not.toContain(lost)
    await client.close()
    await backend.close()
    const again = await startTestBackend({ dataDir })
    expect(await connectClient(again.url).query(api.list, ROOM)).toEqual(['kept', 'after'])
  })

  it('does not start on a full disk, says why, and leaves nothing behind', async ({ skip }) => {
    const folder = await mounted('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs')
    if (folder === null) return skip('only root can mount a small disk')
    const dataDir = join(folder, 'data')
    await mkdir(dataDir)
    const makeSpace = await fillUp(folder)
    await expect(startTestBackend({ dataDir })).rejects.toMatchObject({ code: 'DATA_FOLDER_FULL' })
    expect(await readdir(dataDir)).toEqual([])
    await makeSpace()
    await startTestBackend({ dataDir })
  })

  it('does not start on a read-only file system and says why', async ({ skip }) => {
    const folder = await mounted('-t', 'tmpfs', '-o', 'ro', 'tmpfs')
    if (folder === null) return skip('only root can mount a read-only disk')
    for (const dataDir of [folder, join(folder, 'data')]) {
      await expect(startTestBackend({ dataDir })).rejects.toMatchObject({
        code: 'DATA_FOLDER_READ_ONLY',
        message: expect.stringContaining(dataDir) as string,
      })
    }
  })
})
