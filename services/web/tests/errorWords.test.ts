import { errorCodes } from '@rollcall/backend/contract'
import { ConvexError } from 'convex/values'
import { expect, test } from 'vitest'
import { isNotFound, isSignedOut, wordsForError } from '../src/app/wordsForError'

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

test('only a sign-in that is not taken any more signs out', () => {
  expect(isSignedOut(refusal('UNAUTHENTICATED', errorCodes.UNAUTHENTICATED))).toBe(true)
  expect(isSignedOut(refusal('FORBIDDEN', errorCodes.FORBIDDEN))).toBe(false)
  expect(isSignedOut(new Error('UNAUTHENTICATED'))).toBe(false)
})
