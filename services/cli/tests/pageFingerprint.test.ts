import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint, isBuiltFrom, noteOf } from '../src/page/pageFingerprint'

let root: string
let sources: string[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-page-'))
  mkdirSync(join(root, 'src', 'deep'), { recursive: true })
  writeFileSync(join(root, 'src', 'a.ts'), 'a')
  writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'b')
  writeFileSync(join(root, 'index.html'), 'page')
  sources = [join(root, 'src'), join(root, 'index.html'), join(root, 'absent')]
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

const print = () => fingerprint(root, sources)

describe('fingerprint', () => {
  it('changes with content, with a new file and with a removed one', () => {
    const prints = [print()]
    writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'c')
    prints.push(print())
    writeFileSync(join(root, 'src', 'new.ts'), '')
    prints.push(print())
    rmSync(join(root, 'src', 'a.ts'))
    prints.push(print())
    expect(new Set(prints).size).toBe(4)
  })

  it('stays the same when a file was only touched', () => {
    const before = print()
    utimesSync(join(root, 'src', 'a.ts'), new Date(), new Date())
    expect(print()).toBe(before)
  })
})

describe('isBuiltFrom', () => {
  const build = (digest: string) => {
    mkdirSync(join(root, 'dist'), { recursive: true })
    writeFileSync(join(root, 'dist', 'index.html'), '')
    writeFileSync(noteOf(join(root, 'dist')), digest)
  }

  it('is so for a finished build of the same sources only', () => {
    expect(isBuiltFrom(join(root, 'dist'), print())).toBe(false)
    build(print())
    expect(isBuiltFrom(join(root, 'dist'), print())).toBe(true)
    writeFileSync(join(root, 'src', 'a.ts'), 'changed')
    expect(isBuiltFrom(join(root, 'dist'), print())).toBe(false)
  })

  it('is not so without the note or without the page', () => {
    build(print())
    rmSync(noteOf(join(root, 'dist')))
    expect(isBuiltFrom(join(root, 'dist'), print())).toBe(false)
    build(print())
    rmSync(join(root, 'dist', 'index.html'))
    expect(isBuiltFrom(join(root, 'dist'), print())).toBe(false)
  })
})
