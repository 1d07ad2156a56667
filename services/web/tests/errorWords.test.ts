import { errorCodes } from '@rollcall/backend/contract'
import { ConvexError } from 'convex/values'
import { expect, test } from 'vitest'
import { isNotFound, wordsForError } from '../src/app/wordsForError'
import { signInWords } from '../src/signIn/signInWords'

const refusal = (code: string, message: string) => new ConvexError({ code, message })

test('an error of ours keeps its sentence', () => {
  expect(wordsForError(refusal('NAME_TAKEN', 'You already have a machine “a”.'))).toBe(
    'You already have a machine “a”.',
  )
})

test('any other error shows nothing of itself', () => {
  const words = wordsForError(new Error('Uncaught TypeError: x\n    at secret (/srv/file.ts:1:1)'))
  expect(words).not.toMatch(/TypeError|file\.ts/)
})

test('an address that is not an id, or not ours, points at nothing', () => {
  expect(isNotFound(refusal('NOT_FOUND', errorCodes.NOT_FOUND))).toBe(true)
  expect(isNotFound(new Error('ArgumentValidationError: Value does not match validator.'))).toBe(true)
  expect(isNotFound(refusal('FORBIDDEN', errorCodes.FORBIDDEN))).toBe(false)
})

test.each([
  ['Uncaught Error: InvalidSecret', 'signIn', /Email or password is wrong/],
  ['Uncaught Error: InvalidAccountId', 'signIn', /Email or password is wrong/],
  ['[Request ID: 1] Server Error', 'signIn', /Email or password is wrong/],
  ['Uncaught Error: TooManyFailedAttempts', 'signIn', /Wait a few minutes/],
  ['Uncaught Error: Account ada@example.com already exists', 'signUp', /Sign in instead/],
  ['Uncaught Error: Invalid password', 'signUp', /at least 8 characters/],
  ['[Request ID: 1] Server Error', 'signUp', /could not be made/],
] as const)('%s at %s', (message, flow, words) => {
  expect(signInWords(new Error(message), flow)).toMatch(words)
})
