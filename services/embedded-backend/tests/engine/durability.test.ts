import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { admin, eventually, mutate, openTestEngine, query, temporaryFolder } from './openTestEngine'

/** Its log has a record for each note. */
async function filledFolder(): Promise<string> {
  const dataDir = await temporaryFolder()
  const engine = await openTestEngine({ dataDir })
  for (const text of ['one', 'two', 'three']) await mutate(engine, 'notes:add', { owner: 'ann', text })
  await engine.close()
  return dataDir
}

const textsIn = async (dataDir: string, logger?: Logger) => {
  const engine = await openTestEngine({ dataDir, ...(logger ? { logger } : {}) })
  const texts = await query(engine, 'notes:byOwner', { owner: 'ann' })
  await engine.close()
  return texts
}

describe('the data folder', () => {
  it('keeps documents, environment and timestamps across a restart', async () => {
    const dataDir = await temporaryFolder()
    const first = await openTestEngine({ dataDir })
    const id = await mutate(first, 'notes:add', {
      owner: 'ann',
      text: 'kept',
      rank: { $integer: 'BQAAAAAAAAA=' },
    })
    const gone = await mutate(first, 'notes:add', { owner: 'ann', text: 'gone' })
    await mutate(first, 'notes:remove', { id: gone })
    await first.environment.update([{ name: 'A', value: 'b' }])
    const [ts, document] = [first.latestTs(), await query(first, 'notes:get', { id })]
    await first.close()

    const second = await openTestEngine({ dataDir })
    expect(second.latestTs()).toBeGreaterThan(ts)
    expect(await query(second, 'notes:get', { id })).toEqual(document)
    expect(await query(second, 'notes:byOwner', { owner: 'ann' })).toEqual(['kept'])
    expect(second.environment.list()).toEqual([{ name: 'A', value: 'b' }])
    expect(second.tables()).toEqual(['counters', 'links', 'notes'])
  })

  it('drops a torn last record with a warning', async () => {
    const dataDir = await filledFolder()
    const path = join(dataDir, 'log-1')
    const whole = await readFile(path)
    const warnings: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
    const lastRecord = whole.lastIndexOf('\n', whole.length - 2) + 1
    for (const cut of [lastRecord + 1, lastRecord + 20, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, cut))
      warnings.length = 0
      expect(await textsIn(dataDir, logger)).toEqual(['one', 'two'])
      expect(warnings.join()).toContain('dropped a torn last record')
      warnings.length = 0
      expect(await textsIn(dataDir, logger)).toEqual(['one', 'two'])
      expect(warnings).toEqual([])
    }
  })

  it('takes the zeros that were written ahead for the end', async () => {
    const dataDir = await filledFolder()
    const path = join(dataDir, 'log-1')
    const whole = await readFile(path)
    const zeros = Buffer.alloc(10_000)
    await writeFile(path, Buffer.concat([whole, zeros]))
    const warnings: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
    expect(await textsIn(dataDir, logger)).toEqual(['one', 'two', 'three'])
    expect(warnings).toEqual([])
    const lastRecord = whole.lastIndexOf('\n', whole.length - 2) + 1
    const endIsMissing = Buffer.from(whole).fill(0, lastRecord + 20)
    const beginningIsMissing = Buffer.from(whole).fill(0, lastRecord, lastRecord + 20)
    for (const torn of [endIsMissing, beginningIsMissing]) {
      await writeFile(path, Buffer.concat([torn, zeros]))
      warnings.length = 0
      expect(await textsIn(dataDir, logger)).toEqual(['one', 'two'])
      expect(warnings.join()).toContain('dropped a torn last record')
    }
  })

  it('refuses a log that is damaged elsewhere, in one line naming the file', async () => {
    const dataDir = await filledFolder()
    const path = join(dataDir, 'log-1')
    const whole = await readFile(path, 'utf8')
    for (const damaged of [whole.replace('"one"', '"eno"'), whole.slice(3), whole.replace('\n', ' ')]) {
      await writeFile(path, damaged)
      const error: unknown = await openTestEngine({ dataDir }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'LOG_CORRUPT', message: expect.stringContaining(path) as string })
      expect((error as Error).message).not.toContain('\n')
      expect(await readFile(path, 'utf8')).toBe(damaged)
    }
    await writeFile(path, whole)
    expect(await textsIn(dataDir)).toEqual(['one', 'two', 'three'])
  })

  it('replaces a large log by a snapshot', async () => {
    const dataDir = await temporaryFolder()
    const engine = await openTestEngine({ dataDir, compactAfterBytes: 20_000, flushIntervalMs: 5 })
    for (let round = 0; round < 12; round++) {
      await mutate(engine, 'notes:bulk', { count: 50, owner: `o${round}` }, admin)
      await engine.environment.update([{ name: 'ROUND', value: `${round}` }])
    }
    await engine.close()
    const names = await readdir(dataDir)
    expect(names.filter((name) => name.startsWith('snapshot-'))).toHaveLength(1)
    expect(names).not.toContain('log-1')
    const again = await openTestEngine({ dataDir })
    expect(await query(again, 'notes:countAll')).toBe(600)
    expect(again.environment.list()).toEqual([{ name: 'ROUND', value: '11' }])
  })

  it('refuses a snapshot that is cut off and a log that is missing', async () => {
    const dataDir = await temporaryFolder()
    const engine = await openTestEngine({ dataDir, compactAfterBytes: 1_000 })
    await mutate(engine, 'notes:bulk', { count: 50, owner: 'a' }, admin)
    await engine.environment.update([{ name: 'A', value: 'b' }])
    await engine.close()
    const snapshot = join(dataDir, 'snapshot-2')
    const whole = await readFile(snapshot)
    await writeFile(snapshot, whole.subarray(0, whole.length - 100))
    await expect(openTestEngine({ dataDir })).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    await writeFile(snapshot, whole)
    await appendFile(join(dataDir, 'log-4'), '')
    await expect(openTestEngine({ dataDir })).rejects.toMatchObject({
      code: 'LOG_CORRUPT',
      message: expect.stringContaining('log-3') as string,
    })
  })

  it('refuses a second start and lets the next one in after the first is gone', async () => {
    const dataDir = await temporaryFolder()
    const engine = await openTestEngine({ dataDir })
    await expect(openTestEngine({ dataDir })).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: expect.stringContaining(`${process.pid}`) as string,
    })
    await engine.close()
    await (await openTestEngine({ dataDir })).close()
    // Left by a process that is gone; by one whose pid another process has now; by a machine that died while writing.
    for (const stale of ['{"pid":4194305,"started":"x"}', `{"pid":${process.pid},"started":"earlier"}`, '']) {
      await writeFile(join(dataDir, 'lock'), stale)
      await (await openTestEngine({ dataDir })).close()
    }
    expect((await readdir(dataDir)).filter((name) => name.startsWith('lock'))).toEqual([])
  })

  it.runIf(process.platform === 'linux')(
    'takes over from a process that was killed and not yet reaped',
    async () => {
      const dataDir = await temporaryFolder()
      // The second sleep takes the shell's place and never waits for the first.
      const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      onTestFinished(() => void parent.kill('SIGKILL'))
      const pid = Number((await once(parent.stdout, 'data')).join('').trim())
      const stat = () => readFile(`/proc/${pid}/stat`, 'utf8')
      const started = (await stat()).split(' ')[21] ?? ''
      const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
      await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid, started: `${boot} ${started}` }))
      await expect(openTestEngine({ dataDir })).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
      await eventually(async () => (await stat()).includes(') Z '))
      await (await openTestEngine({ dataDir })).close()
    },
  )

  it('says when the folder cannot be used', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(openTestEngine({ dataDir: join(folder, 'file', 'data') })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
    })
  })
})
