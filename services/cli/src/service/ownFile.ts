import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../errors'
import { WRITTEN_BY } from './Service'

/** The file's text, undefined if there is none. Throws `UsageError` if it is there and not of our writing. */
export function readOwnFile(path: string): string | undefined {
  const text = readText(path)
  if (text === undefined || text.includes(WRITTEN_BY)) return text
  throw new UsageError([`${path} was not written by \`pnpm service install\`. Move it away first.`])
}

/**
 * Writes the file whole, readable by its owner only or, with `mode` 0644, by all. Answers whether that changed anything. Throws as
 * `readOwnFile`.
 */
export function writeOwnFile(path: string, text: string, mode: 0o600 | 0o644): boolean {
  const isSame = readOwnFile(path) === text
  if (isSame) {
    chmodSync(path, mode)
    return false
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text, { mode })
  renameSync(draft, path)
  return true
}

/** Answers whether there was one to remove. Throws as `readOwnFile`. */
export function removeOwnFile(path: string): boolean {
  if (readOwnFile(path) === undefined) return false
  rmSync(path)
  return true
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error: unknown) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
