import { readdir } from 'node:fs/promises'
import { pino, type Logger } from 'pino'
import { describe, expect, it } from 'vitest'
import { FailingDisk } from './FailingDisk'
import {
  admin,
  call,
  eventually,
  mutate,
  openTestEngine,
  query,
  temporaryFolder,
  valueOf,
} from './openTestEngine'

const RETRY_MS = 20

function recordingLogger(): { logger: Logger; events: () => string[] } {
  const lines: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  return { logger, events: () => lines.map((line) => String((JSON.parse(line) as { event?: string }).event)) }
}

/** An engine with one note, `kept`, on a disk that can be broken. */
async function engineOn(disk: FailingDisk, logger?: Logger, tuning: { compactAfterBytes?: number } = {}) {
  const dataDir = await temporaryFolder()
  const engine = await openTestEngine({
    ...{ dataDir, retryMs: RETRY_MS, openFile: disk.openFile },
    ...(logger ? { logger } : {}),
    ...tuning,
  })
  const add = (text: string) => mutate(engine, 'notes:add', { owner: 'ann', text })
  const notes = () => query(engine, 'notes:byOwner', { owner: 'ann' })
  await add('kept')
  return { dataDir, engine, add, notes }
}

async function notesAfterRestart(dataDir: string) {
  const engine = await openTestEngine({ dataDir })
  return query(engine, 'notes:byOwner', { owner: 'ann' })
}

describe('a disk that cannot be written', () => {
  it.each([
    ['ENOSPC', 'DATA_FOLDER_FULL', 'write'],
    ['EROFS', 'DATA_FOLDER_READ_ONLY', 'write'],
    ['EIO', 'DATA_FOLDER_UNUSABLE', 'datasync'],
  ] as const)(
    '%s: refuses mutations with %s, goes on reading, and takes them again when it is mended',
    async (fault, code, operation) => {
      const disk = new FailingDisk()
      const { logger, events } = recordingLogger()
      const { dataDir, engine, add, notes } = await engineOn(disk, logger)
      const shown: number[] = []
      const follow = async () => {
        const run = await engine.query(call('notes:byOwner', { owner: 'ann' }))
        shown.push((valueOf(run.outcome) as unknown[]).length)
        engine.watch(run, () => void follow())
      }
      await follow()
      disk.break(fault, [operation])
      const refused = await Promise.allSettled([add('a'), add('b'), add('c')])
      for (const result of refused) expect(result).toMatchObject({ status: 'rejected', reason: { code } })
      await expect(add('d')).rejects.toMatchObject({ code })
      expect(await notes()).toEqual(['kept'])
      expect(events()).toEqual(['storage.failing'])
      // Whoever saw what was taken back is told.
      expect(Math.max(...shown)).toBeGreaterThan(1)
      await eventually(() => shown.at(-1) === 1)
      disk.mend()
      await eventually(() => events().includes('storage.recovered'))
      await add('after')
      expect(await notes()).toEqual(['kept', 'after'])
      await engine.close()
      expect(await notesAfterRestart(dataDir)).toEqual(['kept', 'after'])
    },
  )

  it('comes back from a stop while it is broken with all that was answered', async () => {
    const disk = new FailingDisk()
    const { dataDir, engine, add } = await engineOn(disk)
    disk.break('EROFS', ['write', 'truncate'])
    await expect(add('lost')).rejects.toMatchObject({ code: 'DATA_FOLDER_READ_ONLY' })
    await engine.close()
    expect(await notesAfterRestart(dataDir)).toEqual(['kept'])
  })

  it('runs what came due meanwhile when it is mended, once', async () => {
    const disk = new FailingDisk()
    const { logger, events } = recordingLogger()
    const { engine, add } = await engineOn(disk, logger)
    const count = () => query(engine, 'runtime:counter', { name: 'due' })
    await mutate(engine, 'runtime:schedule', { name: 'due', delayMs: 100, times: 3 })
    const due = Date.now() + 100
    disk.break('ENOSPC')
    await expect(add('x')).rejects.toMatchObject({ code: 'DATA_FOLDER_FULL' })
    await eventually(() => Date.now() > due + 50)
    expect(await count()).toBe(0)
    disk.mend()
    await eventually(async () => (await count()) === 3)
    expect(events().filter((event) => event === 'undefined')).toEqual([])
  })

  it('tells of a scheduled action that ended meanwhile how it ended, and does not run it again', async () => {
    const disk = new FailingDisk()
    const { engine, add } = await engineOn(disk)
    const path = 'runtime:bumpInAction'
    await mutate(engine, 'runtime:schedule', { name: 'acted', delayMs: 0, path, waitMs: 200 })
    await eventually(async () => (await query(engine, 'runtime:counter', { name: 'acted' })) === 1)
    await add('y')
    disk.break('ENOSPC')
    await expect(add('x')).rejects.toMatchObject({ code: 'DATA_FOLDER_FULL' })
    const ended = async () => JSON.stringify(await engine.logsAfter(0, 0)).includes('bumpInAction')
    await eventually(ended)
    expect(await query(engine, 'runtime:scheduled')).toEqual([`${path} inProgress`])
    disk.mend()
    await eventually(async () => JSON.stringify(await query(engine, 'runtime:scheduled')).includes('success'))
    expect(await query(engine, 'runtime:counter', { name: 'acted' })).toBe(1)
  })

  it('does not call an action done whose writes were taken back', async () => {
    const disk = new FailingDisk()
    const { engine } = await engineOn(disk)
    const running = engine.action(call('runtime:bumpInAction', { name: 'acted', waitMs: 100 }, admin))
    await eventually(async () => (await query(engine, 'runtime:counter', { name: 'acted' })) === 1)
    disk.break('ENOSPC')
    await expect(running).rejects.toMatchObject({ code: 'DATA_FOLDER_FULL' })
    expect(await query(engine, 'runtime:counter', { name: 'acted' })).toBe(0)
  })

  it('answers commits although the log cannot be compacted, and leaves no half of a snapshot', async () => {
    const disk = new FailingDisk()
    const { logger, events } = recordingLogger()
    const { dataDir, engine, add } = await engineOn(disk, logger, { compactAfterBytes: 500 })
    for (const path of ['snapshot-', 'log-']) {
      disk.break('ENOSPC', ['open'], path)
      const failures = () => events().filter((event) => event === 'storage.notCompacted').length
      const before = failures()
      for (let i = 0; failures() === before; i++) await add(`${path}${i}`)
      expect((await readdir(dataDir)).filter((name) => name.endsWith('.unfinished'))).toEqual([])
    }
    disk.break('ENOSPC', ['appendFile'], 'snapshot-')
    await mutate(engine, 'notes:bulk', { count: 20, owner: 'bob' }, admin)
    await mutate(engine, 'notes:bulk', { count: 20, owner: 'bob' }, admin)
    disk.mend()
    await eventually(async () => {
      await add('more')
      return (await readdir(dataDir)).some((name) => /^snapshot-\d+$/.test(name))
    })
    expect((await readdir(dataDir)).filter((name) => name.endsWith('.unfinished'))).toEqual([])
    const notes = await query(engine, 'notes:byOwner', { owner: 'ann' })
    await engine.close()
    expect(await notesAfterRestart(dataDir)).toEqual(notes)
  })
})
