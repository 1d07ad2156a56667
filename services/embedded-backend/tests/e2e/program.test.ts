import { once } from 'node:events'
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ConvexHttpClient } from 'convex/browser'
import { expect, onTestFinished, test, vi } from 'vitest'
import { api } from '../protocol/api'
import { connectClient, fixtureDir, temporaryDir } from '../protocol/startTestBackend'
import { Program, serviceDir } from './Program'

const room = { room: 'a' }

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s stops it in order with exit code 0',
  async (signal) => {
    const program = Program.onFixture(await temporaryDir())
    const { url } = await program.ready()
    const client = connectClient(url)
    await client.mutation(api.send, { ...room, text: 'x' })
    program.child.kill(signal)
    expect(await program.exited).toEqual({ code: 0, signal: null })
    expect(program.events().map(({ event }) => event)).toEqual([
      'backend.ready',
      'backend.stopping',
      'backend.stopped',
    ])
    expect(program.stderr).toBe('')
  },
)

test('it is ready soon after its code is loaded, and says so to the process that started it', async () => {
  const loading = performance.now()
  await Program.start(['--help']).exited
  const starting = performance.now()
  const program = Program.onFixture(await temporaryDir(), [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const [message] = (await once(program.child, 'message')) as [{ event: string; url: string; port: number }]
  // Two seconds on an idle machine; as a ratio it holds on a busy one too.
  expect(performance.now() - starting).toBeLessThan(3 * (starting - loading))
  const { url, port } = await program.ready()
  expect(message).toEqual({ event: 'backend.ready', url, port })
})

test('with a lifeline it ends when the pipe is closed', async () => {
  const program = Program.onFixture(await temporaryDir(), ['--lifeline'], { stdio: ['pipe', 'pipe', 'pipe'] })
  await program.ready()
  program.child.stdin?.end()
  expect(await program.exited).toEqual({ code: 0, signal: null })
  expect(program.events()).toContainEqual(
    expect.objectContaining({ event: 'backend.stopping', reason: 'lifeline' }),
  )
})

test('it stops in order although nobody reads what it says', async () => {
  const dataDir = await temporaryDir()
  const program = Program.onFixture(dataDir, ['--lifeline'], { stdio: ['pipe', 'pipe', 'pipe'] })
  await program.ready()
  program.child.stdout?.destroy()
  program.child.stderr?.destroy()
  program.child.stdin?.end()
  expect(await program.exited).toEqual({ code: 0, signal: null })
})

test('after kill -9 what was answered is still there, and clients go on', async () => {
  const dataDir = await temporaryDir()
  const first = Program.onFixture(dataDir)
  const { url, port } = await first.ready()
  const client = connectClient(url)
  let latest: string[] = []
  client.onUpdate(api.list, room, (messages) => void (latest = messages))
  const texts = Array.from({ length: 50 }, (_, index) => `m${index}`)
  await Promise.all(texts.map((text) => client.mutation(api.send, { ...room, text })))
  // The last moments before a crash may be lost; what is in the log is not.
  await vi.waitFor(async () => expect(await readLog(dataDir)).toContain('"m49"'))
  const pending = client.mutation(api.send, { ...room, text: 'in flight' })
  first.child.kill('SIGKILL')
  await first.exited
  const second = Program.start(['--functions', fixtureDir, '--data', dataDir, '--port', String(port)])
  await second.ready()
  await pending
  expect(latest).toEqual([...texts, 'in flight'])
})

test('with --watch changed functions are loaded, broken ones are reported and the old stay', async () => {
  const project = await temporaryDir()
  const folder = join(project, 'convex')
  await mkdir(folder)
  await symlink(join(serviceDir, 'node_modules'), join(project, 'node_modules'))
  const module = (answer: string) =>
    `import { queryGeneric } from 'convex/server'\nexport const whoAmI = queryGeneric(async () => ({ answer: ${answer} }))\n`
  await writeFile(join(folder, 'users.ts'), module('1'))
  const flags = ['--functions', folder, '--data', await temporaryDir(), '--port', '0', '--watch']
  const program = Program.start(flags)
  const { url } = await program.ready()
  const answers: unknown[] = []
  connectClient(url).onUpdate(api.whoAmI, {}, (value) => void answers.push(value?.answer))
  await vi.waitFor(() => expect(answers).toEqual([1]))
  await writeFile(join(folder, 'users.ts'), module('2 +'))
  const broken = await program.until('functions.broken')
  expect(String(broken.message)).toContain('users.ts')
  expect(String(broken.message)).not.toContain('\n')
  await writeFile(join(folder, 'users.ts'), module('3'))
  await program.until('functions.reloaded')
  await vi.waitFor(() => expect(answers).toEqual([1, 3]))
})

test('variables come from flags and a file, a flag wins', async () => {
  const dir = await temporaryDir()
  const file = join(dir, '.env')
  await writeFile(file, 'FROM_FILE=file\nBOTH=file\n')
  const program = Program.onFixture(join(dir, 'data'), ['--env-file', file, '--env', 'BOTH=a=b'])
  const { url } = await program.ready()
  const key = (await readFile(join(dir, 'data/admin-key'), 'utf8')).trim()
  const response = await fetch(`${url}/api/function`, {
    method: 'POST',
    headers: { Authorization: `Convex ${key}` },
    body: JSON.stringify({ path: '_system/cli/queryEnvironmentVariables:default', args: {} }),
  })
  expect(await response.json()).toMatchObject({
    value: expect.arrayContaining([
      { name: 'FROM_FILE', value: 'file' },
      { name: 'BOTH', value: 'a=b' },
    ]) as unknown,
  })
})

test('--help explains, and exits 0', async () => {
  const program = Program.start(['--help'])
  expect(await program.exited).toMatchObject({ code: 0 })
  expect(program.stdout).toContain('--functions DIR')
})

async function logFiles(dataDir: string): Promise<string[]> {
  const files = await readdir(dataDir)
  return files.filter((file) => file.startsWith('log')).map((file) => join(dataDir, file))
}

async function readLog(dataDir: string): Promise<string> {
  const contents = await Promise.all((await logFiles(dataDir)).map((file) => readFile(file, 'utf8')))
  return contents.join('')
}

async function expectRefusal(program: Program, message: RegExp): Promise<void> {
  expect(await program.exited).toEqual({ code: 2, signal: null })
  expect(program.stderr).toMatch(message)
  expect(program.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(program.events()).toEqual([])
}

test('every mistake in flags and variables is one line', async () => {
  await expectRefusal(Program.start([]), /--functions DIR is missing; --data DIR is missing/)
  await expectRefusal(Program.start(['--functions', 'a', '--data', 'b', '--port', '99999']), /--port must be/)
  await expectRefusal(Program.start(['--nonsense']), /--nonsense/)
  const env = { LOG_FORMAT: 'xml' }
  await expectRefusal(
    Program.start(['--functions', fixtureDir, '--data', ':memory:'], { env }),
    /LOG_FORMAT must be/,
  )
})

test('missing folders and broken functions are one line', async () => {
  const dir = await temporaryDir()
  const start = (folder: string) =>
    Program.start(['--functions', folder, '--data', join(dir, 'data'), '--port', '0'])
  await expectRefusal(start(join(dir, 'nowhere')), /nowhere/)
  const noPage = Program.onFixture(join(dir, 'data'), ['--page', join(dir, 'dist')])
  await expectRefusal(noPage, /dist does not exist/)
  await mkdir(join(dir, 'convex'))
  await writeFile(join(dir, 'convex/broken.ts'), 'export const x = (')
  await expectRefusal(start(join(dir, 'convex')), /broken\.ts/)
})

test('a port in use is named, with what to change', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const flags = ['--functions', fixtureDir, '--data', await temporaryDir(), '--port', String(port)]
  await expectRefusal(Program.start(flags), new RegExp(`Port ${port} .*--port or ROLLCALL_PORT`))
})

test('a data folder that is used by another, or is a file, is refused', async () => {
  const dir = await temporaryDir()
  const first = Program.onFixture(join(dir, 'data'))
  await first.ready()
  await expectRefusal(Program.onFixture(join(dir, 'data')), /data/)
  await writeFile(join(dir, 'file'), '')
  await expectRefusal(Program.onFixture(join(dir, 'file')), /file/)
})

test('a log with rotten bytes in its middle is refused, not cut', async () => {
  const dir = await temporaryDir()
  const data = join(dir, 'data')
  const first = Program.onFixture(data)
  const client = new ConvexHttpClient((await first.ready()).url, { logger: false })
  for (const text of ['one', 'two', 'three']) {
    await client.mutation(api.send, { ...room, text })
    await vi.waitFor(async () => expect(await readLog(data)).toContain(`"${text}"`))
  }
  first.child.kill('SIGTERM')
  await first.exited
  for (const path of await logFiles(data)) {
    const bytes = await readFile(path)
    bytes.write('#####', bytes.indexOf('"one"'))
    await writeFile(path, bytes)
  }
  await cp(data, join(dir, 'copy'), { recursive: true })
  await expectRefusal(Program.onFixture(data), /data/)
  for (const file of await readdir(join(dir, 'copy'))) {
    expect(await readFile(join(data, file))).toEqual(await readFile(join(dir, 'copy', file)))
  }
})
