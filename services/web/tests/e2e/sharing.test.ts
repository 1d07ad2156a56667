import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SimulatedWorker } from './SimulatedWorker'
import { VisitedPage } from './VisitedPage'

let ada: VisitedPage
let bob: VisitedPage
let used: string
let shared: string

beforeAll(async () => {
  ada = await VisitedPage.open()
  bob = await ada.openAnother()
  await ada.signUp('ada@example.com')
  await ada.page.getByRole('link', { name: 'People' }).click()
  await ada.click('Invite somebody')
  const invitation = await ada.copyable('invitation link')
  await ada.goTo('/')
  const worker = await SimulatedWorker.register(
    ada.served.url,
    await ada.addApprovedWorker('build-03', 'docs'),
  )
  await worker.ready()
  await addWaitingWorker('nightly')
  await bob.page.goto(invitation)
  await bob.submitAccount('bob@example.com', 'Create account')
  await bob.sees('No machines yet')
  await bob.click('Sign out')
  await bob.page.getByLabel('Password').waitFor()
})
afterAll(() => ada.close())

async function addWaitingWorker(name: string): Promise<void> {
  await ada.click('Add worker to build-03')
  await ada.page.getByLabel('Worker name').fill(name)
  await ada.page.keyboard.press('Enter')
  await ada.click('I have copied it')
  await ada.page.getByRole('button', { name: `Approve ${name}` }).waitFor()
}

/** On the machine's page: makes a link for a role and answers it. The one made before is in view until then. */
async function shareAs(role: string): Promise<string> {
  const before = shared
  await ada.page.getByLabel('Whoever accepts').selectOption(role)
  await ada.page.getByRole('button', { name: /^Share by/ }).click()
  await ada.sees(`whoever accepts it ${role}.`)
  await vi.waitFor(
    async () => {
      shared = await ada.copyable('sharing link')
      expect(shared).not.toBe(before)
    },
    { timeout: 10_000 },
  )
  return shared
}

async function acceptAsBob(link: string): Promise<void> {
  await bob.page.goto(link)
  await bob.sees('ada@example.com shares build-03 with you')
  await bob.click('Accept')
  await bob.seesRow('docs', /ready/)
}

test('the owner makes a link for one role, shown once and listed until it is used', async () => {
  await ada.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await ada.sees('Who may use build-03')
  await ada.sees('Nobody else uses this machine.')
  await ada.sees('No invitation is waiting to be used.')
  used = await shareAs('may look')
  expect(used).toMatch(/\/join#machine=[\w-]{43}$/)
  await ada.page.reload()
  await ada.sees(/^made .*, \d d .*left$/)
  expect(await ada.page.content()).not.toContain(used.slice(-43))
})

test('the link survives the sign-in, and says who shares what before it is accepted', async () => {
  await bob.page.goto(used)
  await bob.sees('You were invited to a machine.')
  await bob.submitAccount('bob@example.com', 'Sign in')
  await bob.sees('You may look at its workers')
  await bob.sees('You are signed in as bob@example.com.')
  await acceptAsBob(used)
  expect(bob.page.url()).toBe(`${bob.served.url}/`)
  await ada.sees(/^may look, since \d\d:\d\d$/)
  await ada.sees('No invitation is waiting to be used.')
})

test('a viewer sees every status, and is offered nothing that is the owner’s', async () => {
  await bob.sees('shared by ada@example.com')
  await bob.seesRow('nightly', /waiting/)
  for (const name of [/Approve/, /Add worker/, /Remove/])
    expect(await bob.page.getByRole('button', { name }).count()).toBe(0)
  expect(await bob.page.getByRole('link', { name: /Share/ }).count()).toBe(0)
  await bob.page.getByRole('link', { name: 'docs', exact: true }).click()
  await bob.sees('You may look at this worker, not work with it. Ask its owner.')
  await bob.page.getByLabel('New chat with docs').fill('Hello')
  expect(await bob.page.getByRole('button', { name: 'Start chat' }).isDisabled()).toBe(true)
  expect(await bob.page.getByRole('button', { name: /Revoke/ }).count()).toBe(0)
})

test('what the worker may do is the owner’s to choose, saved at once, and told to whom it is shared with', async () => {
  const choices = ada.page.getByRole('group', { name: 'What docs may do' })
  const choice = (name: string) => choices.getByRole('radio', { name, exact: true })
  await ada.page.getByRole('link', { name: 'docs', exact: true }).click()
  expect(await choice('As set up on the machine').isChecked()).toBe(true)
  await bob.sees('As set up on the machine.')
  await choice('Ask first').check()
  await ada.sees('Saved.')
  await choice('Ask first').press('ArrowDown')
  await choice('Anything in its folder').press('ArrowDown')
  expect(await choice('Read only').isChecked()).toBe(true)
  await bob.sees('Read only.')
  expect(await bob.page.getByRole('radio').count()).toBe(0)
  await ada.page.reload()
  await ada.sees('Holds from its next answer on.')
  expect(await choice('Read only').isChecked()).toBe(true)
  await ada.page.getByRole('link', { name: 'ada@example.com' }).click()
  await ada.sees('ada@example.com set what docs on build-03 may do: Read only')
  await ada.page.getByRole('link', { name: 'Rollcall' }).click()
  await ada.page.getByRole('link', { name: 'Manage machine build-03' }).click()
  await ada.sees('Who may use build-03')
})

test('the page of who may use it is the owner’s alone', async () => {
  await bob.goTo(new URL(ada.page.url()).pathname)
  await bob.sees('Only the owner of this machine may do that.')
})

test('a used link is refused, with a way on', async () => {
  await bob.page.goto(used)
  await bob.sees('This invitation was used, withdrawn, or has expired. Ask for a new one.')
  await bob.page.getByRole('link', { name: 'Go to the fleet' }).click()
  await bob.seesRow('docs', /ready/)
})

test('another link makes the viewer an operator, who chats', async () => {
  await acceptAsBob(await shareAs('may chat and stop'))
  await ada.sees(/^may chat, since/)
  await bob.page.getByRole('link', { name: 'docs', exact: true }).click()
  await bob.page.getByLabel('New chat with docs').fill('Hello')
  await bob.click('Start chat')
  await bob.sees('Queued')
  await bob.sees('Read only: changes no file and runs no command')
})

test('ended by the owner, it vanishes from the open page of the other', async () => {
  await ada.click('End sharing with bob@example.com')
  await ada.sees('Their chats on this machine end.')
  await ada.click('End for good')
  await ada.sees('Nobody else uses this machine.')
  await bob.sees('There is nothing at this address, or it is not yours.')
  await bob.page.getByRole('link', { name: 'Rollcall' }).click()
  await bob.sees('No machines yet')
})

test('whoever uses a machine can leave it', async () => {
  await acceptAsBob(await shareAs('may look'))
  await bob.click('Leave machine build-03')
  await bob.sees('Your chats on it end')
  await bob.click('Leave for good')
  await bob.sees('No machines yet')
  await ada.sees('Nobody else uses this machine.')
})

test('a link that was withdrawn is worth nothing', async () => {
  const link = await shareAs('may look')
  await ada.click('Withdraw')
  await ada.click('Withdraw for good')
  await ada.sees('No invitation is waiting to be used.')
  await bob.page.goto(link)
  await bob.sees('This invitation was used, withdrawn, or has expired.')
})

test('the owner who follows the link is told that it is for somebody else', async () => {
  await ada.page.goto(await shareAs('may look'))
  await ada.sees('build-03 is yours')
  expect(await ada.page.getByRole('button', { name: 'Accept' }).count()).toBe(0)
})
