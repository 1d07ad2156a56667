import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NameClaim } from '../src/local/NameClaim'
import { identityOf, isAlive, ownIdentity } from '../src/local/processIdentity'

let folder: string
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-claim-'))
})

afterEach(async () => {
  await Promise.all(children.map((child) => end(child)))
  children = []
  rmSync(folder, { recursive: true })
})

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** A process that does nothing, and the file by which it holds the name. */
async function holder(): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
  children.push(child)
  await once(child, 'spawn')
  const identity = child.pid === undefined ? undefined : identityOf(child.pid)
  if (identity === undefined) throw new Error('The holder did not start')
  writeFileSync(join(folder, `${identity.pid}.${identity.started}.claim`), '')
  return { child, pid: identity.pid }
}

describe('NameClaim', () => {
  it('is taken when nobody holds it, and free again when released', async () => {
    const first = await NameClaim.take(folder)
    expect(first.kind).toBe('taken')
    if (first.kind === 'taken') first.claim.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused while another living process holds it, with that process’s number', async () => {
    const { pid } = await holder()
    expect(await NameClaim.take(folder)).toMatchObject({ kind: 'held', by: { pid } })
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is free at once when its holder was killed', async () => {
    const { child } = await holder()
    await end(child)
    expect((await NameClaim.take(folder)).kind).toBe('taken')
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is free when its holder’s number was given to a later process', async () => {
    const { child } = await holder()
    writeFileSync(join(folder, `${child.pid ?? 0}.1.claim`), '')
    rmSync(join(folder, readdirSync(folder).find((name) => !name.endsWith('.1.claim')) ?? ''))
    expect((await NameClaim.take(folder)).kind).toBe('taken')
  })

  it('ignores what is no claim', async () => {
    writeFileSync(join(folder, 'token.json'), '{}')
    expect((await NameClaim.take(folder)).kind).toBe('taken')
    expect(readdirSync(folder)).toContain('token.json')
  })
})

describe('processIdentity', () => {
  it('knows this process, and that a process is gone', async () => {
    expect(isAlive(ownIdentity())).toBe(true)
    const { child, pid } = await holder()
    const identity = identityOf(pid)
    await end(child)
    expect(identity && isAlive(identity)).toBe(false)
  })
})
