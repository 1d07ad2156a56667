import { expect, it } from 'vitest'
import { StandingPermissions } from '../../src/infrastructure/opencode/StandingPermissions'

const bash = (patterns: string[], always: string[] = []) => ({ permission: 'bash', patterns, always })

it.each([
  ['git status *', 'git status', true],
  ['git status *', 'git status --short', true],
  ['git status *', 'git stash', false],
  ['git status *', 'git statusx', false],
  ['*', 'anything\nat all', true],
  ['/tmp/a.b/*', '/tmp/a.b/c/d', true],
  ['/tmp/a.b/*', '/tmp/aXb/c', false],
  ['file?.ts', 'file1.ts', true],
  ['file?.ts', 'file.ts', false],
])('what fits %j: %j? %s', (pattern, asked, isCovered) => {
  const standing = new StandingPermissions()
  standing.grant('ses', bash([], [pattern]))
  expect(standing.covers('ses', bash([asked]))).toBe(isCovered)
})

it('covers only what is allowed as a whole, of this kind, in this session, and not forgotten', () => {
  const standing = new StandingPermissions()
  expect(standing.covers('ses', bash([]))).toBe(false)
  standing.grant('ses', bash(['ls'], ['ls *']))
  standing.grant('ses', bash(['pwd'], ['pwd']))
  expect(standing.covers('ses', bash(['ls -l', 'pwd']))).toBe(true)
  expect(standing.covers('ses', bash(['ls -l', 'rm x']))).toBe(false)
  expect(standing.covers('ses', { ...bash(['ls -l']), permission: 'edit' })).toBe(false)
  expect(standing.covers('other', bash(['ls -l']))).toBe(false)
  standing.forget('ses')
  expect(standing.covers('ses', bash(['ls -l']))).toBe(false)
})
