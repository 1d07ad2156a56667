import type { api } from '@rollcall/backend/api'
import type { FunctionArgs } from 'convex/server'

type What = FunctionArgs<typeof api.answers.putParts>['parts'][number]['what']

export interface Conversation {
  title: string
  prompt: string
  /** What the worker does on the way to the answer. */
  parts: readonly What[]
  answer: string
}

const thought = (text: string): What => ({ kind: 'reasoning', status: 'completed', text })
const used = (tool: string, title: string, input: object, output: string): What => ({
  ...{ kind: 'tool', tool, title, status: 'completed', input: JSON.stringify(input), output },
})

/** Chats as people have them with a coding worker. */
export const conversations: readonly Conversation[] = [
  {
    title: 'Why is the build slow?',
    prompt: 'The build takes 80 s since last week. Find out why, change nothing yet.',
    parts: [
      thought('Something was added last week: look at the history of the configuration first.'),
      used(
        'bash',
        'git log --since=10.days -- vite.config.ts',
        { command: 'git log' },
        '3f2a9c1 Add legacy target',
      ),
      used('read', 'vite.config.ts', { path: 'vite.config.ts' }, 'plugins: [react(), legacy({ targets })]'),
    ],
    answer:
      'Since `3f2a9c1` **the bundle is built twice**: the legacy plugin makes a second one for browsers that we no longer support.\n\n| step | before | now |\n| --- | --- | --- |\n| modern bundle | 31 s | 32 s |\n| legacy bundle | - | 44 s |\n\nTwo ways out:\n\n1. drop the plugin: the page’s own list of browsers begins at 2022;\n2. or build the legacy bundle only on release.\n\nI would take the first one. Shall I?',
  },
  {
    title: 'Flaky test in checkout',
    prompt: 'checkout.test.ts fails about once in ten runs on CI. Mend it.',
    parts: [
      used(
        'bash',
        'pnpm vitest run checkout --repeat 50',
        { command: 'pnpm vitest run' },
        '4 of 50 failed: expected 2 calls, got 1',
      ),
      used(
        'read',
        'tests/checkout.test.ts',
        { path: 'tests/checkout.test.ts' },
        'await sleep(50)\nexpect(pay).toHaveBeenCalledTimes(2)',
      ),
      thought('The test waits for 50 ms where the retry has a jitter of up to 80 ms.'),
      used('edit', 'tests/checkout.test.ts', { path: 'tests/checkout.test.ts' }, '1 replacement'),
    ],
    answer:
      'The retry waits for up to 80 ms, the test only for 50. It now waits for what it means:\n\n```ts\nawait vi.waitFor(() => expect(pay).toHaveBeenCalledTimes(2))\n```\n\n200 runs, none failed. The code under test is unchanged.',
  },
  {
    title: 'Rename customerId to accountId',
    prompt: 'Rename customerId to accountId everywhere, the database column included.',
    parts: [
      used('grep', 'customerId', { pattern: 'customerId' }, '61 matches in 23 files'),
      thought('The column needs two steps, so that the running version finds its own name.'),
      used('write', 'migrations/0042_account_id.sql', { path: 'migrations/0042_account_id.sql' }, 'written'),
      used('edit', '23 files', { replaceAll: true }, '61 replacements'),
      used('bash', 'pnpm check', { command: 'pnpm check' }, 'ok'),
    ],
    answer:
      'Done in 23 files. The column is renamed in two migrations:\n\n- `0042` adds `account_id` and keeps both equal with a trigger;\n- `0043` drops `customer_id`, **to be run after the release**.\n\n`pnpm check` passes. The public API still takes `customerId` and warns: two clients send it.',
  },
  {
    title: 'Explain the rate limiter',
    prompt: 'How does our rate limiter work, and what happens when Redis is away?',
    parts: [used('read', 'src/limiter.ts', { path: 'src/limiter.ts' }, 'export class TokenBucket { … }')],
    answer:
      'It is a token bucket per key, kept in Redis by one Lua script, so that two servers never count twice.\n\nWhen Redis is away, `take()` waits for 50 ms and then **lets the request through** (`failOpen: true`). That is by intent for reading, and surprising for `/login`: there it should refuse. The place is `src/limiter.ts:88`.',
  },
  {
    title: 'Upgrade to Node 24',
    prompt: 'Try the upgrade to Node 24 on a branch and tell me what breaks.',
    parts: [
      used(
        'bash',
        'git switch -c node-24',
        { command: 'git switch -c node-24' },
        "Switched to a new branch 'node-24'",
      ),
      used('bash', 'pnpm test', { command: 'pnpm test' }, '412 passed, 3 failed'),
      thought('All three compare the text of an error that V8 words differently now.'),
    ],
    answer:
      'Three tests of 415 fail, all for one reason: they compare the message of `JSON.parse` errors, which reads differently now.\n\nNothing of the product’s own code breaks. `better-sqlite3` needs 12.x for a prebuilt binary; that is in the branch.',
  },
  {
    title: 'Add dark mode to the report',
    prompt: 'The weekly report mail is unreadable in dark mode. Can you look?',
    parts: [
      used(
        'read',
        'mails/weekly.html',
        { path: 'mails/weekly.html' },
        '<body style="background:#fff;color:#000">',
      ),
      used('edit', 'mails/weekly.html', { path: 'mails/weekly.html' }, '14 replacements'),
    ],
    answer:
      'The mail set its background and left the text to the client. Both are set now, with a `prefers-color-scheme` block for the clients that read it:\n\n- Apple Mail and Thunderbird follow it;\n- Gmail turns colours by itself: the logo has a white border there, so that it stays visible.\n\nScreenshots are in `out/mails/`.',
  },
  {
    title: 'Import of 2019 invoices',
    prompt: 'The import of the 2019 invoices stops at row 18 204. Why?',
    parts: [
      used(
        'bash',
        'sed -n 18204p invoices-2019.csv',
        { command: 'sed -n 18204p invoices-2019.csv' },
        '"ACME ""South"", Ltd";1.204,50;…',
      ),
      thought('A doubled quotation mark inside a field: the parser is asked for backslashes.'),
    ],
    answer:
      'Row 18 204 is the first with a quotation mark inside a name. The file doubles it (`""`), as RFC 4180 has it; our parser is set to backslashes since it read the old exports.\n\nWith `escape: \'"\'` all 31 977 rows are read. 12 of them have an amount with a comma, which I have listed in `import-notes.md`.',
  },
]

/** The answer to what the page’s own visitor asks. */
export const otherwise: Omit<Conversation, 'title' | 'prompt'> = {
  parts: [thought('There is no model behind this worker.')],
  answer:
    'This worker is a part of a **seeded fleet**: it speaks the protocol, but has no opencode and no model behind it. For a worker that answers, run `pnpm start`, or `pnpm start --demo` without a key.',
}
