import { open } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { mutate, openTestEngine, temporaryFolder } from './openTestEngine'

const AT_ONCE = 20

/** Opens real files, and calls `before` before each wait for the disk. */
function diskThatTells(before: () => void): typeof open {
  return async (...given: Parameters<typeof open>) => {
    const file = await open(...given)
    const datasync = file.datasync.bind(file)
    file.datasync = () => {
      before()
      return datasync()
    }
    return file
  }
}

it('answers a mutation when its own group is on the disk, whatever is committed meanwhile', async () => {
  let syncs = 0
  let later = AT_ONCE
  const all: Promise<unknown>[] = []
  const openFile = diskThatTells(() => {
    syncs++
    if (all.length > 0 && later-- > 0) all.push(add())
  })
  const engine = await openTestEngine({ dataDir: await temporaryFolder(), openFile })
  const waited: number[] = []
  const add = async () => {
    const before = syncs
    await mutate(engine, 'notes:add', { owner: 'ann', text: 'x' })
    waited.push(syncs - before)
  }
  for (let i = 0; i < AT_ONCE; i++) all.push(add())
  for (const one of all) await one
  expect(waited).toHaveLength(2 * AT_ONCE)
  // The one that was under way, and its own.
  expect(Math.max(...waited)).toBeLessThanOrEqual(2)
})
