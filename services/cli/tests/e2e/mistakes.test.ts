import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilGone, useWorkplace } from './Workplace'

const workplace = useWorkplace()

/** Somebody else's program, on the port that we are told to use. */
let other: Server

beforeAll(async () => {
  other = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => other.listen(workplace.port, '127.0.0.1', resolve))
})

afterAll(() => {
  other.close()
})

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

  it('start with CONVEX_URL and no token says where to get one, exit 2', async () => {
    const { exit, lines } = await outcomeOf(['start'], { CONVEX_URL: 'http://127.0.0.1:9' })
    expect(lines).toEqual([expect.stringMatching(/^WORKER_TOKEN .*page/)])
    expect(exit).toBe(2)
  })

  it('status with CONVEX_URL and no key says which is missing, exit 2', async () => {
    const { exit, lines } = await outcomeOf(['status'], { CONVEX_URL: 'http://127.0.0.1:9' })
    expect(lines).toEqual([expect.stringMatching(/^CONVEX_DEPLOY_KEY /)])
    expect(exit).toBe(2)
  })

  it('status of a deployment that nobody answers for says that it knows nothing, exit 1', async () => {
    const env = { CONVEX_URL: 'http://127.0.0.1:9', CONVEX_DEPLOY_KEY: 'key' }
    const { exit, lines } = await outcomeOf(['status', '--json'], env)
    expect(lines).toEqual([expect.stringMatching(/unknown: nobody answers at http:\/\/127\.0\.0\.1:9/)])
    expect(exit).toBe(1)
  })

  it('status without a backend says how to start one, exit 1', async () => {
    const { exit, lines } = await outcomeOf(['status'])
    expect(lines).toEqual([expect.stringMatching(/unknown.*pnpm start/)])
    expect(exit).toBe(1)
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
