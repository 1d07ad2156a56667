import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryDir } from '../protocol/startTestBackend'
import { Program, serviceDir } from './Program'

/** The embedded backend for whoever writes functions: with `--watch`. */

const functions = (answer: string) => `
import { queryGeneric } from 'convex/server'
import { more } from '../shared/more'
export const answer = queryGeneric(async () => ${answer} + more)
function deep() {
  throw new TypeError('broken on purpose')
}
export const broken = queryGeneric(async () => {
  await Promise.resolve()
  return deep()
})
`

interface Project {
  program: Program
  folder: string
  /** As editors do that keep the former file until the new one is whole. */
  replace: (path: string, source: string) => Promise<void>
  ask: (path: string) => Promise<unknown>
}

async function startProject(): Promise<Project> {
  const folder = await temporaryDir()
  await symlink(join(serviceDir, 'node_modules'), join(folder, 'node_modules'))
  for (const name of ['convex', 'shared']) await mkdir(join(folder, name))
  const replace = async (path: string, source: string) => {
    await writeFile(join(folder, `${path}.draft`), source)
    await rename(join(folder, `${path}.draft`), join(folder, path))
  }
  await replace('shared/more.ts', 'export const more = 0\n')
  await replace('convex/probe.ts', functions('1'))
  const data = join(folder, 'data')
  const flags = ['--functions', join(folder, 'convex'), '--data', data, '--port', '0', '--watch']
  const program = Program.start(flags)
  const { url } = await program.ready()
  const ask = async (path: string) => {
    const body = JSON.stringify({ path, args: {}, format: 'json' })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/query`, { method: 'POST', headers, body })
    return (await response.json()) as unknown
  }
  return { program, folder, replace, ask }
}

const answers = (value: number) => ({ status: 'success', value })

test('a file that is replaced again and again is loaded each time, and so is what it imports from elsewhere', async () => {
  const { replace, ask } = await startProject()
  const shows = (value: number) =>
    vi.waitFor(async () => expect(await ask('probe:answer')).toMatchObject(answers(value)), 5_000)
  await shows(1)
  for (const value of [2, 3, 4]) {
    await replace('convex/probe.ts', functions(String(value)))
    await shows(value)
  }
  for (const more of [10, 20]) {
    await replace('shared/more.ts', `export const more = ${more}\n`)
    await shows(4 + more)
  }
})

test('a folder that comes later is watched as well', async () => {
  const { folder, replace, ask } = await startProject()
  await mkdir(join(folder, 'convex/later'))
  const shows = (value: number) =>
    vi.waitFor(async () => expect(await ask('later/probe:answer')).toMatchObject(answers(value)), 5_000)
  for (const value of [1, 2]) {
    await replace('convex/later/probe.ts', functions(String(value)).replace('../shared', '../../shared'))
    await shows(value)
  }
})

test('what a function throws is told with its place in the sources; clients are told as before', async () => {
  const { program, ask } = await startProject()
  const errorMessage = 'Uncaught TypeError: broken on purpose'
  expect(await ask('probe:broken')).toMatchObject({ status: 'error', errorMessage })
  const failed = await program.until('function.failed')
  expect(failed).toMatchObject({ level: 50, function: 'probe:broken' })
  const [first, ...frames] = String(failed.msg).split('\n    ')
  expect(first).toBe(`probe:broken: ${errorMessage}`)
  expect(frames).toEqual([
    expect.stringMatching(/^at deep \(\S*convex\/probe\.ts:6:9\)$/),
    expect.stringMatching(/^at \S+ \(\S*convex\/probe\.ts:10:10\)$|^at \S*convex\/probe\.ts:10:10$/),
  ])
})

test('a module that cannot be evaluated is told with its place', async () => {
  const { program, replace, ask } = await startProject()
  await replace('convex/probe.ts', `${functions('1')}\nthrow new Error('at load')\n`)
  const { message } = await program.until('functions.broken')
  expect(message).toMatch(/^\S*convex\/probe\.ts:13:7: probe: at load$/)
  expect(await ask('probe:answer')).toMatchObject(answers(1))
})
