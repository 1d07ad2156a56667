import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAdminKey, loadAdminKey } from '../../src/admin/adminKey'
import { temporaryDir } from '../protocol/startTestBackend'

test('the key is made once, random, and readable by its owner only', async () => {
  const dir = await temporaryDir()
  const key = await loadAdminKey(dir)
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(await loadAdminKey(dir)).toBe(key)
  expect(await loadAdminKey(await temporaryDir())).not.toBe(key)
  const file = join(dir, 'admin-key')
  expect((await readFile(file, 'utf8')).trim()).toBe(key)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a key that others could read is closed to them, an empty one is made anew', async () => {
  const dir = await temporaryDir()
  const file = join(dir, 'admin-key')
  await writeFile(file, 'kept\n')
  await chmod(file, 0o644)
  expect(await loadAdminKey(dir)).toBe('kept')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await writeFile(file, '\n')
  expect(await loadAdminKey(dir)).toMatch(/^[0-9a-f]{64}$/)
})

test('a key that cannot be kept is a clear error', async () => {
  const dir = await temporaryDir()
  await mkdir(join(dir, 'admin-key'))
  await expect(loadAdminKey(dir)).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
})

test('only the very key is the key', () => {
  expect(isAdminKey('abc', 'abc')).toBe(true)
  for (const wrong of ['', 'ab', 'abcd', 'abC']) expect(isAdminKey(wrong, 'abc')).toBe(false)
})
