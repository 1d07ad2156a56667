import { afterAll, beforeAll, expect, test } from 'vitest'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage

beforeAll(async () => {
  visit = await VisitedPage.open()
})
afterAll(() => visit.close())

let link: string

test('the first person administers the deployment and invites another by a link that is shown once', async () => {
  await visit.signUp('ada@example.com')
  await visit.page.getByRole('link', { name: 'People' }).click()
  await visit.sees('No invitation is waiting to be used.')
  await visit.click('Invite somebody')
  link = await visit.copyable('invitation link')
  expect(link).toMatch(/\/sign-up#invitation=[\w-]{43}$/)
  await visit.sees(/^Made .*, \d d .*left$/)
  await visit.page.reload()
  await visit.sees(/^Made .*, \d d .*left$/)
  expect(await visit.page.content()).not.toContain(link.slice(-43))
})

test('without an invitation no account is offered, and one is told whom to ask', async () => {
  await visit.click('Sign out')
  await visit.sees('New accounts need an invitation here. Ask whoever runs this deployment for a link.')
  expect(await visit.page.getByRole('button', { name: 'Create an account' }).count()).toBe(0)
})

test('an invitation that was made up is refused', async () => {
  await visit.goTo('/sign-up#invitation=made-up')
  await visit.submitAccount('eve@example.com', 'Create account')
  await visit.sees('This invitation was used, withdrawn, or has expired. Ask for a new one.')
})

test('the invited one makes an account, sees nothing of the others, and invites nobody', async () => {
  await visit.page.goto(link)
  await visit.sees('You were invited.')
  await visit.submitAccount('bob@example.com', 'Create account')
  await visit.sees('No machines yet')
  expect(await visit.page.getByRole('link', { name: 'People' }).count()).toBe(0)
  await visit.goTo('/people')
  await visit.sees(/Only an administrator of this deployment may do that/)
})

test('the link is worth nothing then', async () => {
  await visit.click('Sign out')
  await visit.sees('New accounts need an invitation here.')
  await visit.page.goto('about:blank')
  await visit.page.goto(link)
  await visit.submitAccount('eve@example.com', 'Create account')
  await visit.sees('This invitation was used, withdrawn, or has expired. Ask for a new one.')
})
