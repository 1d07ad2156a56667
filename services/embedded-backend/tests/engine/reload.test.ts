import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mutate, openTestEngine, query, temporaryFolder } from './openTestEngine'

const MODULES = new URL('../../node_modules', import.meta.url).pathname

const schema = (fields: string, indexes = '') => `
  import { defineSchema, defineTable } from 'convex/server'
  import { v } from 'convex/values'
  export default defineSchema({ things: defineTable({ ${fields} })${indexes} })`

const things = (body: string) => `
  import { mutationGeneric, queryGeneric } from 'convex/server'
  export const add = mutationGeneric({ handler: (ctx, args) => ctx.db.insert('things', args) })
  ${body}`

const cron = (path: string, schedule: string) => `
  import { cronJobs, makeFunctionReference } from 'convex/server'
  const crons = cronJobs()
  crons.cron('job', '${schedule}', makeFunctionReference('${path}'))
  export default crons`

async function functionsFolder(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder()
  await symlink(MODULES, join(folder, 'node_modules'))
  await mkdir(join(folder, 'convex'))
  await write(join(folder, 'convex'), files)
  return join(folder, 'convex')
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source)
}

describe('reload', () => {
  it('swaps functions and indexes, keeps documents, and tells listeners', async () => {
    const functionsDir = await functionsFolder({
      'schema.ts': schema('a: v.number()'),
      'things.ts': things(''),
      'things.test.ts': 'this is not even a module',
    })
    const engine = await openTestEngine({ functionsDir })
    for (const a of [3, 1, 2]) await mutate(engine, 'things:add', { a })
    let reloads = 0
    engine.onReload(() => reloads++)
    await write(functionsDir, {
      'schema.ts': schema('a: v.number()', `.index('by_a', ['a'])`),
      'things.ts': things(
        `export const sorted = queryGeneric({ handler: async (ctx) => (await ctx.db.query('things').withIndex('by_a').collect()).map(({ a }) => a) })`,
      ),
    })
    await engine.reload()
    expect(reloads).toBe(1)
    expect(await query(engine, 'things:sorted')).toEqual([1, 2, 3])
    await mutate(engine, 'things:add', { a: 0 })
    expect(await query(engine, 'things:sorted')).toEqual([0, 1, 2, 3])
  })

  it.each([
    ['a syntax error', { 'things.ts': 'export const = 5' }, /^things\.ts:1:13: /],
    ['an import of Node', { 'things.ts': "import 'node:fs'" }, /^things\.ts:1:7: .*node:fs/],
    ['an error while it is evaluated', { 'things.ts': "throw new Error('at once')" }, /^things: at once$/],
    ['the Node runtime', { 'things.ts': '"use node"' }, /^things\.ts: "use node"/],
    [
      'a cron job that cannot run',
      { 'crons.ts': cron('things:missing', '0 * * * *') },
      /^crons: .*things:missing/,
    ],
    [
      'a schedule that cannot be read',
      { 'crons.ts': cron('things:add', 'daily') },
      /^crons: .*cannot be read/,
    ],
    ['stored documents that no longer match', { 'schema.ts': schema('a: v.string()') }, /^schema: .*things/],
  ])('keeps the old functions on %s', async (_, files, message) => {
    const functionsDir = await functionsFolder({
      'schema.ts': schema('a: v.number()'),
      'things.ts': things(''),
    })
    const engine = await openTestEngine({ functionsDir })
    await mutate(engine, 'things:add', { a: 1 })
    await write(functionsDir, files)
    const error: unknown = await engine.reload().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'FUNCTIONS_BROKEN',
      message: expect.stringMatching(message) as string,
    })
    expect((error as Error).message).not.toContain('\n')
    await mutate(engine, 'things:add', { a: 2 })
    expect(engine.readTable('things', { order: 'asc', cursor: null, numItems: 5 }).page).toHaveLength(2)
  })

  it('says that a functions folder is missing', async () => {
    await expect(openTestEngine({ functionsDir: '/nowhere/convex' })).rejects.toMatchObject({
      code: 'FUNCTIONS_FOLDER_MISSING',
      message: expect.stringContaining('/nowhere/convex') as string,
    })
  })
})
