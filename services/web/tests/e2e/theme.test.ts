import { afterAll, beforeAll, expect, test } from 'vitest'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage

const LIGHT = 'rgb(250, 250, 248)'
const DARK = 'rgb(20, 20, 19)'

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.page.emulateMedia({ colorScheme: 'dark' })
  await visit.signUp('ada@example.com')
  await visit.page.getByRole('link', { name: 'Account ada@example.com' }).click()
})
afterAll(() => visit.close())

type Page = VisitedPage['page']

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

const choice = (page: Page, name: string) =>
  page.getByRole('group', { name: 'Theme' }).getByRole('radio', { name, exact: true })

test('at first the page is as the system, and follows it', async () => {
  expect(await choice(visit.page, 'As the system').isChecked()).toBe(true)
  expect(await background(visit.page)).toBe(DARK)
  await visit.page.emulateMedia({ colorScheme: 'light' })
  expect(await background(visit.page)).toBe(LIGHT)
})

test('a choice, made by keyboard, is shown at once and outdoes the system; other tabs follow', async () => {
  const other = await visit.page.context().newPage()
  await other.goto(visit.page.url())
  await choice(other, 'As the system').waitFor()
  await choice(visit.page, 'As the system').focus()
  await visit.page.keyboard.press('ArrowDown')
  expect(await choice(visit.page, 'Light').isChecked()).toBe(true)
  await visit.page.keyboard.press('ArrowDown')
  expect(await background(visit.page)).toBe(DARK)
  await expect.poll(() => background(other)).toBe(DARK)
  expect(await choice(other, 'Dark').isChecked()).toBe(true)
  await choice(other, 'Light').check()
  await expect.poll(() => background(visit.page)).toBe(LIGHT)
  await choice(other, 'Dark').check()
  await expect.poll(() => background(visit.page)).toBe(DARK)
  await other.close()
})

test('it is there before anything is painted, whatever the page’s own script takes to come', async () => {
  const scripts = '**/assets/*.js'
  let go = () => {}
  const held = new Promise<void>((resolve) => (go = resolve))
  await visit.page.route(scripts, async (route) => {
    await held
    await route.continue()
  })
  await visit.page.reload({ waitUntil: 'commit' })
  await expect.poll(() => visit.page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0)
  expect(await visit.page.getByRole('main').count()).toBe(0)
  expect(await background(visit.page)).toBe(DARK)
  go()
  await choice(visit.page, 'Dark').waitFor()
  expect(await choice(visit.page, 'Dark').isChecked()).toBe(true)
  await visit.page.unroute(scripts)
})

test('as the system again: nothing is kept', async () => {
  await choice(visit.page, 'As the system').check()
  expect(await background(visit.page)).toBe(LIGHT)
  expect(await visit.page.evaluate(() => localStorage.getItem('rollcall:theme'))).toBeNull()
})

test('without storage the page is as the system, and a choice holds while the page is open', async () => {
  await visit.page.addInitScript(() => {
    for (const name of ['getItem', 'setItem', 'removeItem']) {
      const own = Reflect.get(Storage.prototype, name) as (
        this: Storage,
        key: string,
        value: string,
      ) => unknown
      Reflect.set(Storage.prototype, name, function (this: Storage, key: string, value: string) {
        if (key.startsWith('rollcall:')) throw new DOMException('blocked', 'SecurityError')
        return own.call(this, key, value)
      })
    }
  })
  await visit.page.reload()
  await choice(visit.page, 'Dark').check()
  expect(await background(visit.page)).toBe(DARK)
  await visit.page.getByRole('link', { name: 'Rollcall' }).click()
  await visit.sees('No machines yet')
  expect(await background(visit.page)).toBe(DARK)
})
