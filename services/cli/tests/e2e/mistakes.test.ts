import { createServer as createWebsite, type Server as Website } from 'node:http'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilGone, useWorkplace } from './Workplace'

const workplace = useWorkplace()

/** Somebody else's program, on the port that we are told to use. */
let other: Server
/** Answers whatever it is asked, like a page that catches all. */
let website: Website

beforeAll(async () => {
  other = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => other.listen(workplace.port, '127.0.0.1', resolve))
  website = createWebsite((_, response) => response.end('<!doctype html>'))
  await new Promise<void>((resolve) => website.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  other.close()
  website.close()
})

const addressOf = (server: Website) => {
  const address = server.address()
  return address === null || typeof address === 'string' ? '' : `http://127.0.0.1:${address.port}`
}

const outcomeOf = async (args: string[], env: Record<string, string> = {}) => {
  const command = workplace.rollcall(args, { env })
  const exit = await command.exit
  await untilGone(command)
  return { exit, lines: command.output().trim().split('\n') }
}

describe('a mistake is one clear line', () => {
  it('several wrong variables are named each, exit 2', async () => {
    const { exit, lines } = await outcomeOf(['start'], { ROLLCALL_PORT: 'many', LOG_LEVEL: 'loud' })
    expect(lines).toEqual([
      expect.stringMatching(/^ROLLCALL_PORT must be .*65535/),
      expect.stringMatching(/^LOG_LEVEL must be .*info/),
    ])
    expect(exit).toBe(2)
  })

  it.each(['start', 'dev'])('%s on a port that is taken names ROLLCALL_PORT, exit 2', async (name) => {
    const { exit, lines } = await outcomeOf([name, ...(name === 'dev' ? ['--built'] : [])])
    const said = lines.filter((line) => !/^Buil/.test(line))
    expect(said).toEqual([expect.stringContaining('ROLLCALL_PORT')])
    expect(said[0]).toContain(String(workplace.port))
    expect(exit).toBe(2)
  })

  it('start with a CONVEX_URL that is something else says so, exit 2', async () => {
    const env = { CONVEX_URL: addressOf(website), ROLLCALL_CONFIG_DIR: join(workplace.dataDir, 'config') }
    const { exit, lines } = await outcomeOf(['start'], env)
    expect(lines).toEqual([
      expect.stringMatching(/^CONVEX_URL \(http:.* is not a Rollcall backend: it answers 200/),
    ])
    expect(exit).toBe(2)
  })

  it('start with a ROLLCALL_CONFIG_DIR that is no folder names it, exit 2', async () => {
    const env = { CONVEX_URL: addressOf(website), ROLLCALL_CONFIG_DIR: '/dev/null' }
    const { exit, lines } = await outcomeOf(['start'], env)
    expect(lines).toEqual([expect.stringMatching(/^ROLLCALL_CONFIG_DIR .*\/dev\/null/)])
    expect(exit).toBe(2)
  })

  it.each(['status', 'login-link', 'settings get', 'convex data'])(
    '%s with CONVEX_URL and no key says which is missing, exit 2',
    async (name) => {
      const { exit, lines } = await outcomeOf(name.split(' '), { CONVEX_URL: 'http://127.0.0.1:9' })
      expect(lines).toEqual([expect.stringMatching(/^CONVEX_DEPLOY_KEY /)])
      expect(exit).toBe(2)
    },
  )

  it('status of a deployment that nobody answers for says that it knows nothing, exit 1', async () => {
    const env = { CONVEX_URL: 'http://127.0.0.1:9', CONVEX_DEPLOY_KEY: 'key' }
    const { exit, lines } = await outcomeOf(['status', '--json'], env)
    expect(lines).toEqual([expect.stringMatching(/unknown: nobody answers at http:\/\/127\.0\.0\.1:9/)])
    expect(exit).toBe(1)
  })

  it('login-link to a deployment that nobody answers for says so, exit 1', async () => {
    const env = { CONVEX_URL: 'http://127.0.0.1:9', CONVEX_DEPLOY_KEY: 'key' }
    const { exit, lines } = await outcomeOf(['login-link'], env)
    expect(lines).toEqual(['No link was made: nobody answers at http://127.0.0.1:9'])
    expect(exit).toBe(1)
  })

  it('status without a backend says how to start one, exit 1', async () => {
    const { exit, lines } = await outcomeOf(['status'])
    expect(lines).toEqual([expect.stringMatching(/unknown.*pnpm start/)])
    expect(exit).toBe(1)
  })

  it('settings set with what is no setting or no value names each, exit 2', async () => {
    const { exit, lines } = await outcomeOf(['settings', 'set', 'heartbeat=10s', 'shutdownTimeoutMs=soon'])
    expect(lines).toEqual([
      expect.stringMatching(/no setting “heartbeat”.*shutdownTimeoutMs/),
      expect.stringMatching(/^shutdownTimeoutMs must be a time such as 30s/),
    ])
    expect(exit).toBe(2)
  })

  it.each(['strat', 'start --dmeo', 'status extra'])(
    '%s is answered with where help is, exit 2',
    async (typed) => {
      const { exit, lines } = await outcomeOf(typed.split(' '))
      expect(lines.join('\n')).toMatch(/^error: .*\n(.*\n)?Try --help/)
      expect(exit).toBe(2)
    },
  )
})
