import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, VisitedPage } from './VisitedPage'

const EMAIL = 'ada@example.com'
const NEXT = 'staple another horse'
const SIGNED_OUT = 'You were signed out here.'
const AN_ERROR = 'cannot be shown'

/** Two browsers of one person. */
let desk: VisitedPage
let phone: VisitedPage

beforeAll(async () => {
  desk = await VisitedPage.open()
  phone = await desk.openAnother()
  await desk.signUp(EMAIL)
  await desk.addApprovedWorker('build-03', 'api')
  await signInOnPhone(PASSWORD)
})
afterAll(() => desk.close())

async function signInOnPhone(password: string): Promise<void> {
  await phone.goTo('/')
  await phone.submitAccount(EMAIL, 'Sign in', password)
  await phone.seesRow('api', /offline/)
}

/** Answers how to ask whether `text` was on this page or one opened after it, be it for one frame. */
async function watchFor(text: string, { page }: VisitedPage): Promise<() => Promise<boolean>> {
  const watch = (wanted: string) => {
    const look = () => {
      if (document.documentElement.textContent.includes(wanted)) sessionStorage.setItem(wanted, 'seen')
    }
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
  }
  await page.addInitScript(watch, text)
  await page.evaluate(watch, text)
  return () =>
    page.evaluate((wanted) => {
      const isSeen = sessionStorage.getItem(wanted) !== null
      sessionStorage.removeItem(wanted)
      return isSeen
    }, text)
}

async function changePassword(current: string): Promise<void> {
  await desk.page.getByLabel('Current password').fill(current)
  await desk.page.getByLabel('New password').fill(NEXT)
  await desk.click('Change password')
}

async function endOther(): Promise<void> {
  await desk.page.getByRole('button', { name: /^End the sign-in since/ }).click()
  await desk.sees('It is signed out at once.')
  await desk.click('End for good')
  await desk.seesNoMore('It is signed out at once.')
}

async function sentences(): Promise<string[]> {
  const trail = desk.page.getByRole('region', { name: 'What happened' })
  await trail.getByRole('listitem').first().waitFor()
  return await trail.getByRole('listitem').locator('span:first-child').allInnerTexts()
}

test('the email in the header leads to the account', async () => {
  await desk.page.getByRole('link', { name: `Account ${EMAIL}` }).click()
  await desk.sees('You administer this deployment.')
})

test('what happened is listed, newest first', async () => {
  const signedIn = expect.stringMatching(/^ada@example\.com signed in( from [\d.:a-f]+)?$/) as string
  expect(await sentences()).toEqual([
    signedIn,
    'ada@example.com approved api on build-03',
    'ada@example.com added api to build-03',
    signedIn,
  ])
})

test('another sign-in is listed and ended: its open page is the sign-in page, without an error on the way', async () => {
  const failed = await watchFor(AN_ERROR, phone)
  const list = desk.page.getByRole('region', { name: 'Signed in' }).getByRole('listitem')
  await list.nth(1).waitFor()
  expect(await list.first().innerText()).toMatch(/^This browser\s+since \d\d:\d\d$/)
  await list
    .nth(1)
    .getByRole('button', { name: /^End the sign-in since/ })
    .click()
  await desk.sees('It is signed out at once.')
  await desk.click('End for good')
  await phone.sees(SIGNED_OUT)
  await phone.page.getByLabel('Password').waitFor()
  expect(await failed()).toBe(false)
  expect((await sentences())[0]).toBe('ada@example.com signed another browser out')
})

test('whoever was signed out signs in at the same page, and signs out themselves without that sentence', async () => {
  await phone.submitAccount(EMAIL, 'Sign in')
  await phone.seesRow('api', /offline/)
  const told = await watchFor(SIGNED_OUT, phone)
  await phone.click('Sign out')
  await phone.page.getByLabel('Password').waitFor()
  expect(await told()).toBe(false)
  expect(phone.page.url()).toBe(`${phone.served.url}/sign-in`)
})

test('a page that is opened after its sign-in was ended is the sign-in page, too', async () => {
  await signInOnPhone(PASSWORD)
  await phone.goTo('/icon.svg')
  await endOther()
  const failed = await watchFor(AN_ERROR, phone)
  await phone.goTo('/account')
  await phone.sees(SIGNED_OUT)
  expect(await failed()).toBe(false)
})

test('the password is not changed by somebody who does not know it', async () => {
  await signInOnPhone(PASSWORD)
  await changePassword('not the password')
  await desk.sees('The current password is wrong.')
  await phone.seesRow('api', /offline/)
})

test('another password signs every other browser out, at once', async () => {
  const failed = await watchFor(AN_ERROR, phone)
  await changePassword(PASSWORD)
  await desk.sees('Changed. Every other browser was signed out.')
  expect(await desk.page.getByText('The current password is wrong.').count()).toBe(0)
  await phone.sees(SIGNED_OUT)
  expect(await failed()).toBe(false)
  await phone.submitAccount(EMAIL, 'Sign in', PASSWORD)
  await phone.sees('Email or password is wrong.')
  await signInOnPhone(NEXT)
})

test('the account is not deleted for another email', async () => {
  await desk.page.getByLabel('Your email, typed again').fill('bob@example.com')
  await desk.click('Delete account')
  await desk.sees('This cannot be undone.')
  await desk.click('Delete for good')
  await desk.sees('This is not the email of your account.')
})

test('deleted, it is signed out everywhere and nobody can sign in to it', async () => {
  const failed = await Promise.all([watchFor(AN_ERROR, desk), watchFor(AN_ERROR, phone)])
  await desk.page.getByLabel('Your email, typed again').fill(EMAIL)
  await desk.click('Delete for good')
  await desk.sees(SIGNED_OUT)
  await phone.sees(SIGNED_OUT)
  expect(await Promise.all(failed.map((each) => each()))).toEqual([false, false])
  expect(desk.page.url()).toBe(`${desk.served.url}/`)
  await desk.submitAccount(EMAIL, 'Sign in', NEXT)
  await desk.sees('Email or password is wrong.')
  await desk.page.reload()
  await desk.page.getByLabel('Password').waitFor()
})
