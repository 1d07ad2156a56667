import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from './browser'
import { ServedPage } from './servedPage'

/** How long the page may take to show something. */
const PATIENCE = 10_000

/** Everybody's, until they change it. */
export const PASSWORD = 'correct horse battery'

/** A person's browser on the served page, and what went wrong in it. */
export class VisitedPage {
  private constructor(
    readonly served: ServedPage,
    private readonly browser: Browser,
    readonly page: Page,
    readonly errors: string[] = [],
  ) {
    page.setDefaultTimeout(PATIENCE)
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.errors.push(message.text())
    })
  }

  /** `env`: what the backend is given besides what it needs; `functionsDir`: what it runs in place of its own functions. */
  static async open(env: Record<string, string> = {}, functionsDir?: string): Promise<VisitedPage> {
    const [served, browser] = await Promise.all([ServedPage.open(env, functionsDir), launchBrowser()])
    return new VisitedPage(served, browser, await newPage(browser, served))
  }

  /** Another person's browser on the same served page; closed with this one. */
  async openAnother(): Promise<VisitedPage> {
    return new VisitedPage(this.served, this.browser, await newPage(this.browser, this.served), this.errors)
  }

  /** Another tab of the same person's browser; closed with this one. */
  async openTab(): Promise<VisitedPage> {
    return new VisitedPage(this.served, this.browser, await this.page.context().newPage(), this.errors)
  }

  /** Waits until `text` (the beginning of it, or a pattern) can be read on the page. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** Waits until nothing on the page has this text any more. */
  async seesNoMore(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor({ state: 'hidden' })
  }

  /** Waits until the worker's line in the fleet reads like `pattern`: word, name, sentence. */
  async seesRow(name: string, pattern: RegExp): Promise<void> {
    const row = this.page
      .getByRole('listitem')
      .filter({ has: this.page.getByRole('link', { name, exact: true }) })
    await row.filter({ hasText: pattern }).waitFor()
  }

  async click(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click()
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.served.url}${path}`)
  }

  async signUp(email: string): Promise<void> {
    await this.goTo('/')
    await this.click('Create an account')
    await this.submitAccount(email, 'Create account')
    await this.sees('No machines yet')
  }

  /** Fills in the form that is shown, and sends it by its button. */
  async submitAccount(
    email: string,
    action: 'Create account' | 'Sign in',
    password = PASSWORD,
  ): Promise<void> {
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password').fill(password)
    await this.click(action)
  }

  /** Makes an approved worker on a new machine, by hand; answers its token. */
  async addApprovedWorker(machine: string, worker: string): Promise<string> {
    const token = await this.addWorker(machine, worker)
    await this.click('I have copied it')
    await this.click(`Approve ${worker}`)
    await this.seesRow(worker, /offline/)
    return token
  }

  /** Adds a worker on a new machine, by hand; answers the token as the page shows it. */
  async addWorker(machine: string, worker: string): Promise<string> {
    await this.addMachine(machine)
    return await this.addWorkerTo(machine, worker)
  }

  async addMachine(name: string): Promise<void> {
    await this.click('Add machine')
    await this.page.getByLabel('Machine name').fill(name)
    await this.page.keyboard.press('Enter')
  }

  /** Adds a worker on a machine that is there, by hand; answers the token as the page shows it. */
  async addWorkerTo(machine: string, worker: string): Promise<string> {
    await this.click(`Add worker to ${machine}`)
    await this.page.getByLabel('Worker name').fill(worker)
    await this.page.keyboard.press('Enter')
    return await this.copyable('token')
  }

  /** The text of a box that is there to be copied. */
  async copyable(label: string): Promise<string> {
    return await this.page.getByRole('group', { name: label, exact: true }).locator('code').innerText()
  }

  async close(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()))
    await this.browser.close()
    await this.served.close()
    if (this.errors.length > 0) throw new Error(`the page threw: ${this.errors.join('; ')}`)
  }
}

/** A page that shares nothing with those of others, in a window of a usual size. */
async function newPage(browser: Browser, served: ServedPage): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served.url })
  return await context.newPage()
}
