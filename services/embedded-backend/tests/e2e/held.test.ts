import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ConvexHttpClient } from 'convex/browser'
import { anyApi } from 'convex/server'
import { expect, test } from 'vitest'
import { temporaryDir } from '../protocol/startTestBackend'
import { Program, serviceDir } from './Program'

const HOLD_LIMIT_SECONDS = 3

const functions = `
import { mutationGeneric, queryGeneric } from 'convex/server'
export const note = mutationGeneric((ctx) => ctx.db.insert('notes', {}))
export const count = queryGeneric(async (ctx) => (await ctx.db.query('notes').collect()).length)
export const forever = mutationGeneric(async (ctx) => {
  await ctx.db.insert('notes', {})
  for (;;);
})
`
const { note, count, forever } = anyApi.loops as Record<'note' | 'count' | 'forever', never>

async function startWith(project: string): Promise<{ program: Program; client: ConvexHttpClient }> {
  const folders = ['--functions', join(project, 'convex'), '--data', join(project, 'data')]
  const program = Program.start([...folders, '--port', '0', '--hold-limit', String(HOLD_LIMIT_SECONDS)])
  const { url } = await program.ready()
  return { program, client: new ConvexHttpClient(url, { logger: false }) }
}

async function projectThatLoops(): Promise<string> {
  const project = await temporaryDir()
  await mkdir(join(project, 'convex'))
  await symlink(join(serviceDir, 'node_modules'), join(project, 'node_modules'))
  await writeFile(join(project, 'convex/loops.ts'), functions)
  return project
}

test('a function that never lets go ends the process, which names it; what was answered stays', async () => {
  const project = await projectThatLoops()
  const { program, client } = await startWith(project)
  await client.mutation(note)
  const cutOff = expect(client.mutation(forever)).rejects.toThrow()
  expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await cutOff
  expect(program.events().at(-1)).toMatchObject({
    level: 60,
    event: 'backend.held',
    function: 'loops:forever',
    seconds: HOLD_LIMIT_SECONDS,
  })
  const again = await startWith(project)
  expect(await again.client.query(count)).toBe(1)
})

test('a process that was paused for longer goes on', async () => {
  const { program, client } = await startWith(await projectThatLoops())
  await client.mutation(note)
  program.child.kill('SIGSTOP')
  await delay((HOLD_LIMIT_SECONDS + 1) * 1_000)
  program.child.kill('SIGCONT')
  expect(await client.query(count)).toBe(1)
  program.child.kill('SIGTERM')
  expect(await program.exited).toEqual({ code: 0, signal: null })
})
