import { errorCodes, type ErrorCode } from '@rollcall/backend/contract'
import { ConvexError } from 'convex/values'
import { expect, test } from 'vitest'
import { signInWords } from '../src/signIn/signInWords'

const refusal = (code: ErrorCode, message: string = errorCodes[code]) => new ConvexError({ code, message })

test.each(['PASSWORD_INVALID', 'ACCOUNT_EXISTS', 'SIGN_UP_CLOSED', 'INVITATION_INVALID'] as const)(
  '%s is told in its own sentence',
  (code) => expect(signInWords(refusal(code))).toBe(errorCodes[code]),
)

test('a wrong password does not advise to make an account, which may need an invitation', () => {
  expect(signInWords(refusal('CREDENTIALS_INVALID'))).toBe('Email or password is wrong.')
})

test('too many wrong passwords: how long to wait', () => {
  const message = 'That was too often in a short time. Try again in 6 min.'
  expect(signInWords(refusal('RATE_LIMITED', message))).toBe(message)
})

test('no answer is not blamed on the password', () => {
  expect(signInWords(new TypeError('Failed to fetch'))).toMatch(/^The backend does not answer\./)
})

test('any other error shows nothing of itself', () => {
  expect(signInWords(new Error('[Request ID: 1] Server Error'))).toMatch(/^Something unexpected went wrong/)
})
