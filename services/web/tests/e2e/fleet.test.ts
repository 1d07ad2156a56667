import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let visit: VisitedPage
let token: string
let worker: SimulatedWorker

beforeAll(async () => {
  visit = await VisitedPage.open()
})
afterAll(async () => {
  await visit.close()
})

test('somebody new signs up and is told the next step', async () => {
  await visit.signUp('ada@example.com')
  await visit.sees('ada@example.com')
  await visit.sees(/^live/)
  expect(await visit.copyable('command')).toBe('pnpm start')
})

test('a machine is added; the same name is refused in words, and what was typed stays', async () => {
  await visit.click('Add machine')
  await visit.page.getByLabel('Machine name').fill('build-03')
  await visit.click('Add machine')
  await visit.sees('No workers yet')
  await visit.click('Add machine')
  await visit.page.getByLabel('Machine name').fill('build-03')
  await visit.page.keyboard.press('Enter')
  await visit.sees('You already have a machine “build-03”.')
  expect(await visit.page.getByLabel('Machine name').inputValue()).toBe('build-03')
  await visit.page.keyboard.press('Escape')
})

test('a worker is added; its token is shown once, with the command to copy', async () => {
  await visit.click('Add worker to build-03')
  await visit.page.getByLabel('Worker name').fill('docs')
  await visit.page.keyboard.press('Enter')
  await visit.sees('It will not be shown again')
  token = await visit.copyable('token')
  expect(token).toMatch(/^machine_\w+:worker_\w+:secret_[\w-]{32,}$/)
  await visit.click('Copy start command')
  expect(await visit.page.evaluate(() => navigator.clipboard.readText())).toBe(
    `CONVEX_URL=${visit.served.url} WORKER_TOKEN=${token} pnpm start`,
  )
  await visit.click('I have copied it')
  await visit.seesNoMore('It will not be shown again')
  await visit.page.reload()
  await visit.seesRow('docs', /waiting.*Not started yet/)
  expect(await visit.page.content()).not.toContain(token.slice(-32))
})

test('a process that waits is named, and approved with one click', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await visit.seesRow('docs', /waiting.*Wants to join from build-03\.local \(pid 4711\)/)
  await visit.click('Approve docs')
  await visit.seesRow('docs', /offline.*comes online within a heartbeat/)
})

test('starting → ready → draining → offline, each shown as it happens, with the reason', async () => {
  await worker.beat()
  await visit.seesRow('docs', /starting.*Starting opencode since \d\d:\d\d/)
  await visit.sees('1 of 1 online')
  await worker.ready()
  await visit.seesRow('docs', /ready.*Ready since \d\d:\d\d/)
  await visit.page.getByLabel('Workers by status').getByText('1 ready').waitFor()
  await worker.beginDraining('SIGTERM')
  await visit.seesRow('docs', /draining.*Shutting down \(SIGTERM\), \d s left/)
  await worker.goOffline('shutdown', { cause: 'SIGTERM', drainMs: 310 })
  await visit.seesRow('docs', /offline.*Shut down .* by SIGTERM, drained in 0\.3 s/)
  await visit.sees('0 of 1 online')
})

test('a crash is loud, and its evidence is one click away', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.ready()
  await worker.goOffline('crashed', {
    cause: 'uncaughtException',
    exitCode: 1,
    message: 'boom\n    at file.ts:1:1',
  })
  await visit.seesRow('docs', /crashed.*Crashed after an uncaught exception \(exit code 1\).*: boom/)
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.sees(/^run 2 · told by the worker itself · exit code 1 · cause uncaughtException/)
  await visit.sees('/home/ada/src/docs')
  await visit.click('Show earlier')
  await visit.sees(/^run 1 · told by the worker itself · cause SIGTERM/)
})

test('an address that is nobody’s says so, and the fleet stays', async () => {
  await visit.goTo('/workers/nonsense')
  await visit.sees('There is nothing at this address, or it is not yours.')
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.sees('Timeline')
})

test('signed out; a wrong password is one clear sentence; the right one leads back', async () => {
  await visit.click('Sign out')
  await visit.page.getByLabel('Email').fill('ada@example.com')
  await visit.page.getByLabel('Password').fill('wrong password')
  await visit.click('Sign in')
  await visit.sees(/^Email or password is wrong/)
  expect(await visit.page.getByRole('alert').innerText()).not.toMatch(/Error|\n/)
  await visit.page.getByLabel('Password').fill('correct horse battery')
  await visit.click('Sign in')
  await visit.seesRow('docs', /crashed/)
})

test('a worker is revoked: asked twice, said why, and shown as revoked', async () => {
  worker = await SimulatedWorker.register(visit.served.url, token)
  await worker.beat()
  await visit.page.getByRole('link', { name: 'docs', exact: true }).click()
  await visit.click('Make a new token for docs')
  await visit.sees('docs has a new token.')
  expect(await visit.copyable('token')).not.toBe(token)
  await visit.click('I have copied it')
  await visit.click('Revoke docs')
  await visit.sees(/Its process stops now/)
  await visit.click('Keep')
  await visit.seesNoMore('Its process stops now')
  await visit.click('Revoke docs')
  await visit.click('Revoke for good')
  await visit.sees('Revoked; its token is worth nothing now')
  await visit.sees('0 of 1 online')
  await expect(worker.beat()).rejects.toThrow(/revoked/)
})

test('a machine is removed with its workers, and whoever looks at one of them is told', async () => {
  await visit.page.getByRole('link', { name: 'Fleet' }).first().click()
  await visit.click('Remove machine build-03')
  await visit.sees('With its worker and chats; what runs is stopped.')
  await visit.click('Remove for good')
  await visit.seesNoMore('build-03')
  await visit.page.goBack()
  await visit.sees('There is nothing at this address, or it is not yours.')
})
