import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatWorkerToken } from '@rollcall/backend/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../src/errors'
import { identityOf } from '../src/local/processIdentity'
import { credentialsFolder, takeEntry } from '../src/pairing/CredentialsEntry'

let root: string
let folder: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-credentials-'))
  folder = join(root, 'config', 'host')
})

afterEach(() => rmSync(root, { recursive: true }))

const token = formatWorkerToken({ machineId: 'm', workerId: 'w', secret: 's'.repeat(43) })

async function keep(name: string, as = name): Promise<void> {
  const entry = await takeEntry(folder, name)
  entry.file.write({ name: as, token })
  entry.claim.release()
}

/** As a living process other than this one does: the one that started it. */
function hold(name: string): void {
  const holder = identityOf(process.ppid)
  if (holder === undefined) throw new Error('something started this process')
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, `${holder.pid}.${holder.started}.claim`), '')
}

describe('credentialsFolder', () => {
  it.each([
    ['https://happy-animal-123.convex.cloud', 'happy-animal-123.convex.cloud'],
    ['http://127.0.0.1:3210', '127.0.0.1_3210'],
    ['https://example.com/convex', 'example.com_convex'],
    ['http://[::1]:3210', expect.stringMatching(/^name-[0-9a-f]{32}$/)],
  ])('of %s', (url, expected) => {
    expect(credentialsFolder('/config', url).replace('/config/', '')).toEqual(expected)
  })
})

describe('takeEntry', () => {
  it('is the first free name, in folders of their owner, while no token is kept', async () => {
    const { name, kept } = await takeEntry(folder, undefined)
    expect({ name, kept }).toEqual({ name: 'worker', kept: undefined })
    for (const path of [join(root, 'config'), folder, join(folder, 'worker')]) {
      expect(statSync(path).mode & 0o777).toBe(0o700)
    }
  })

  it('is any with a token that nobody uses, by the name that its worker was given', async () => {
    await keep('web', 'api')
    const { name, kept } = await takeEntry(folder, undefined)
    expect({ name, kept }).toEqual({ name: 'api', kept: { name: 'api', token } })
  })

  it('is another than those in use, with or without a token', async () => {
    await keep('web')
    hold('web')
    hold('worker')
    expect((await takeEntry(folder, undefined)).name).toBe('worker-2')
  })

  it('is refused for a name in use', async () => {
    await keep('web')
    hold('web')
    const taking = takeEntry(folder, 'web')
    await expect(taking).rejects.toThrow(UsageError)
    await expect(taking).rejects.toThrow(
      `WORKER_NAME: a worker named "web" already runs here (pid ${process.ppid})`,
    )
  })

  it('is of nobody else once a name was asked for', async () => {
    await keep('web')
    const { name, kept } = await takeEntry(folder, 'api')
    expect({ name, kept }).toEqual({ name: 'api', kept: undefined })
  })

  it('leaves a file that is no token out of account', async () => {
    mkdirSync(join(folder, 'web'), { recursive: true })
    writeFileSync(join(folder, 'web', 'token.json'), '{"name":"web","token":')
    expect((await takeEntry(folder, undefined)).name).toBe('worker')
  })

  it('names the variable where tokens cannot be kept', async () => {
    writeFileSync(join(root, 'config'), '')
    const taking = takeEntry(folder, undefined)
    await expect(taking).rejects.toThrow(UsageError)
    await expect(taking).rejects.toThrow(/^ROLLCALL_CONFIG_DIR .*(ENOTDIR|EEXIST)/)
  })
})
