import { beforeAll, describe, expect, it } from 'vitest'
import { documents } from '../src/documents'
import { repo } from '../src/paths'
import { errorCodes } from '../src/sources/errorCodes'
import { readSources, type Source } from '../src/sources/readSources'
import { troubleshootingTables } from '../src/troubleshootingTables'

/** Of the repository itself; that they are what is committed is asked by `pnpm check`. */
describe('documents', () => {
  let sources: Source[]
  let text: (path: string) => string

  beforeAll(async () => {
    sources = readSources(repo)
    const made = await documents(repo, sources)
    text = (path) => made.find((one) => one.path === path)?.text ?? ''
    // Every module of the functions is loaded.
  }, 60_000)

  it('tell of variables their rule and what holds without them', () => {
    expect(text('docs/configuration.md')).toContain(
      '| `ROLLCALL_PORT` | the embedded backend’s port, page and API | a port number from 0 to 65535 (0: any free one) | 3210 | commands |',
    )
  })

  it('tell of settings their range and default, of commands and programs their options', () => {
    const configuration = text('docs/configuration.md')
    expect(configuration).toMatch(/\| `staleThresholdMs` \| .* \| 100 ms to 1 h \| 90 s \| yes \|/)
    expect(configuration).toMatch(
      /### logs\n[^#]*\| `--lines <number>` \| how many lines from the end \| 200 \|/,
    )
    expect(configuration).toContain('| `--lifeline` | stop when standard input ends |')
    expect(configuration).toMatch(/### bench load\n[^#]*\| `--workers <count>` \| how many beat \| 20000 \|/)
    expect(configuration).toMatch(/### chaos\n[^#]*\| `--rate <number>` \| faults per second \| 4 \|/)
  })

  it('tell of functions their builder, arguments and answer, and of endpoints what they do', () => {
    const api = text('docs/api.md')
    expect(api).toMatch(
      /#### workers\.get\n\nquery, `userQuery`\. One worker\..*\n\n```ts\n\(args: \{ workerId: Id<'workers'> \}\) => WorkerView\n/,
    )
    expect(api).toContain('| `GET /metrics` | For whoever has the token')
    expect(api).toContain('| `POST /api/query` | Runs a query. |')
  })

  it('are about a code that has codes: of the backend, of the embedded backend and of opencode’s start', () => {
    const codes = [...errorCodes(sources).keys()]
    expect(codes).toEqual(expect.arrayContaining(['SUPERSEDED', 'PORT_IN_USE', 'OPENCODE_MISSING']))
  })

  it('are about answers that have codes: of the embedded backend, of health endpoints, of sockets and of processes', () => {
    const tables = troubleshootingTables(sources)
    const listed = (first: string) => [...(tables.find(({ head }) => head[0] === first)?.listed ?? [])]
    expect(listed('exit code').map(([code]) => code)).toEqual(['0', '1', '2', '3', '4', '130'])
    expect(listed('code')).toEqual(
      expect.arrayContaining([
        ['NoAuthProvider', { path: expect.stringContaining('embedded-backend') as string, beside: '401' }],
        ['MethodNotAllowed', { path: expect.stringContaining('worker') as string, beside: '405' }],
      ]),
    )
    expect(listed('close reason')).toContainEqual([
      'ServerStopping',
      { path: 'services/embedded-backend/src/protocol/sync/SyncServer.ts', beside: '1001' },
    ])
    expect(listed('status').map(([status]) => status)).toEqual(expect.arrayContaining(['401', '503']))
  })

  it('name no folder of this machine', () => {
    expect(text('docs/configuration.md') + text('docs/api.md')).not.toContain(repo.replace(/\/$/, ''))
  })
})
