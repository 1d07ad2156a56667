import { afterAll, beforeAll, expect, test } from 'vitest'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage

beforeAll(async () => {
  visit = await VisitedPage.open({ AUTH_GITHUB_ID: 'an id', AUTH_GITHUB_SECRET: 'a secret' })
})
afterAll(() => visit.close())

test('where GitHub is set up, its button leads there', async () => {
  await visit.page.route('**/api/auth/signin/github?*', (route) => route.fulfill({ body: 'On the way' }))
  await visit.goTo('/')
  await visit.click('Sign in with GitHub')
  await visit.sees('On the way')
  expect(new URL(visit.page.url()).searchParams.get('code')).toBeTruthy()
})
