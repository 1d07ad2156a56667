import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadShutdownHooks } from '../../src/infrastructure/loadShutdownHooks'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-hooks-'))
  mkdirSync(join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The path of a new module, in a folder from which Node itself loads it and not the test runner. */
function module(name: string, source: string): string {
  const path = join(folder, 'node_modules', name)
  writeFileSync(path, source)
  return path
}

/** Names and budgets, by group. */
async function load(...paths: string[]) {
  const outcome = await loadShutdownHooks(paths)
  if (outcome.kind === 'invalid') throw new Error(outcome.mistakes.join('\n'))
  return outcome.hooks.map((group) => group.map(({ name, budgetMs }) => [name, budgetMs]))
}

async function mistakes(...paths: string[]): Promise<string[]> {
  const outcome = await loadShutdownHooks(paths, { loadMs: 300 })
  return outcome.kind === 'invalid' ? outcome.mistakes : []
}

describe('loadShutdownHooks', () => {
  it('takes a function, an object, or an array of them, a group per module in the given order', async () => {
    const slow = module('slow.mjs', 'await new Promise((go) => setTimeout(go, 50)); export default () => {}')
    const object = module(
      'object.mjs',
      'export default { run: async () => {}, name: "flush", budgetMs: 250 }',
    )
    const array = module(
      'array.mjs',
      'export default [async function upload() {}, { run() {}, budgetMs: 9 }, async () => {}]',
    )
    const common = module('common.cjs', 'module.exports = async () => {}')
    expect(await load(slow, object, array, common)).toEqual([
      [['slow', undefined]],
      [['flush', 250]],
      [
        ['upload', undefined],
        ['array', 9],
        ['array 2', undefined],
      ],
      [['common', undefined]],
    ])
    expect(await load()).toEqual([])
  })

  it('hands out the very function', async () => {
    const path = module('ran.mjs', 'export default async ({ cause }) => { globalThis.hookRan = cause }')
    const outcome = await loadShutdownHooks([path])
    if (outcome.kind === 'invalid') throw new Error(outcome.mistakes.join())
    await outcome.hooks[0]?.[0]?.run({ cause: 'SIGTERM' } as never)
    expect((globalThis as { hookRan?: string }).hookRan).toBe('SIGTERM')
  })

  it.each([
    ['syntax.mjs', 'export default async () => {', 'cannot be loaded: SyntaxError: '],
    ['throws.mjs', 'throw new Error("not today\\nnor tomorrow")', 'cannot be loaded: Error: not today'],
    [
      'missing.mjs',
      'import "./nothing.mjs"; export default () => {}',
      'cannot be loaded: Error: Cannot find ',
    ],
    ['hangs.mjs', 'await new Promise(() => {}); export default () => {}', 'was not loaded within 0.3 s'],
    ['none.mjs', 'export const hook = () => {}', 'has no hook as its default export'],
    ['number.mjs', 'export default 7', 'has no hook as its default export'],
    ['empty.mjs', 'export default []', 'has no hook as its default export'],
    ['promise.mjs', 'export default Promise.resolve()', 'has no hook as its default export'],
    ['inner.mjs', 'export default [() => {}, 7]', 'has no hook as its default export'],
    ['budget.mjs', 'export default { run() {}, budgetMs: "1s" }', 'whole number of milliseconds from 1 to'],
    ['zero.mjs', 'export default { run() {}, budgetMs: 0 }', 'whole number of milliseconds from 1 to'],
    ['name.mjs', 'export default { run() {}, name: 7 }', 'whose name is not a string'],
    ['typo.mjs', 'export default { run() {}, budget: 5 }', 'the unknown property budget'],
  ])('says in one line what is wrong with %s', async (name, source, part) => {
    const path = module(name, source)
    const found = await mistakes(path)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^SHUTDOWN_HOOKS names [^\n]+\.$/)
    expect(found[0]).toContain(path)
    expect(found[0]).toContain(part)
  })

  it('names all mistakes at once', async () => {
    const wrong = [module('one.mjs', 'export default 1'), module('two.mjs', 'export default 2')]
    const right = module('right.mjs', 'export default () => {}')
    expect(await mistakes(wrong[0] ?? '', right, wrong[1] ?? '')).toEqual(
      wrong.map((path) => expect.stringContaining(path) as string),
    )
  })
})
