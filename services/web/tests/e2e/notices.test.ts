import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let token: string
let worker: SimulatedWorker

beforeAll(async () => {
  visit = await VisitedPage.open()
  await visit.page.addInitScript(noteNotices)
  await visit.signUp('ada@example.com')
  token = await visit.addApprovedWorker('build-03', 'api')
  await start()
})
afterAll(() => visit.close())

interface Noted {
  notices: string[]
  open: () => void
  answer: NotificationPermission
}

/** In the page: in place of the browser's notifications, notes them, and asks a person who answers as the test says. */
function noteNotices(): void {
  const noted: Noted = { notices: [], open: () => undefined, answer: 'granted' }
  Object.assign(window, { noted })
  window.Notification = class {
    static get permission() {
      return sessionStorage.getItem('permission') ?? 'default'
    }
    static requestPermission() {
      sessionStorage.setItem('permission', noted.answer)
      return Promise.resolve(noted.answer)
    }
    onclick = () => undefined
    constructor(title: string) {
      noted.notices.push(title)
      noted.open = () => this.onclick()
    }
    close() {
      return undefined
    }
  } as unknown as typeof Notification
}

async function start(): Promise<void> {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await visit.seesRow('api', /^ready/)
}

/** What was shown since the last time. */
const notices = () =>
  visit.page.evaluate(() => (window as unknown as { noted: Noted }).noted.notices.splice(0))

/** Waits until screen readers were told, which happens with the notification. */
async function hears(words: string): Promise<void> {
  await visit.page.getByRole('status', { name: 'Changes in the fleet' }).filter({ hasText: words }).waitFor()
}

const choice = () => visit.page.getByRole('checkbox', { name: 'Tell me when a worker crashes' })

test('off at first: a crash shows nothing', async () => {
  await hears('api ready')
  await worker.reportExit({ signal: 'SIGKILL' })
  await hears('api crashed')
  expect(await notices()).toEqual([])
})

test('what the browser refuses is said, and stays off', async () => {
  await visit.page.getByRole('link', { name: 'Account ada@example.com' }).click()
  await visit.page.evaluate(() => ((window as unknown as { noted: Noted }).noted.answer = 'denied'))
  await choice().click()
  await visit.sees('This browser was told to show no notifications of this page.')
  expect(await choice().isChecked()).toBe(false)
})

test('switched on, each crash is shown once, and leads to the fleet', async () => {
  await visit.page.evaluate(() => sessionStorage.removeItem('permission'))
  await visit.page.reload()
  await choice().check()
  await start()
  await hears('api ready')
  await worker.reportExit({ exitCode: 1 })
  await expect.poll(notices, { timeout: 10_000 }).toEqual(['api crashed'])
  await visit.page.evaluate(() => (window as unknown as { noted: Noted }).noted.open())
  await visit.page.getByRole('main', { name: 'Fleet' }).waitFor()
})

test('it is kept, and switched off again', async () => {
  await visit.goTo('/account')
  expect(await choice().isChecked()).toBe(true)
  await choice().uncheck()
  await start()
  await hears('api ready')
  await worker.reportExit({ exitCode: 1 })
  await hears('api crashed')
  expect(await notices()).toEqual([])
})
