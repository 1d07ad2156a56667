import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors'
import { environmentFile, ownLinesIn, withoutSecrets } from '../../src/service/environmentFile'
import { serviceVariables } from '../../src/service/serviceVariables'

const awkward = { WORKER_NAME: `Ann's "best" $one`, WORKER_DIRECTORY: '/home/ann/a b\\c' }

describe('environmentFile', () => {
  it('is read by Node as it was meant', () => {
    expect(parseEnv(environmentFile('launchd', awkward))).toEqual(awkward)
  })

  it('quotes for systemd what its reader would take for something else', () => {
    expect(environmentFile('systemd', awkward).split('\n')).toEqual(
      expect.arrayContaining([
        `WORKER_NAME="Ann's \\"best\\" \\$one"`,
        'WORKER_DIRECTORY="/home/ann/a b\\\\c"',
      ]),
    )
  })

  it.each(['systemd', 'launchd'] as const)('refuses a value of two lines for %s, by its name', (kind) => {
    const write = () => environmentFile(kind, { WORKER_NAME: 'a\nWORKER_TOKEN=b' })
    expect(write).toThrow(UsageError)
    expect(write).toThrow(/^WORKER_NAME /)
  })

  it('refuses what Node has no quotes for', () => {
    expect(() => environmentFile('launchd', { WORKER_NAME: '\'`"' })).toThrow(/^WORKER_NAME /)
  })

  it('keeps the lines that a person added', () => {
    const edited = `${environmentFile('systemd', { LOG_LEVEL: 'info' })}OPENAI_API_KEY=k\n# why\n`
    const again = environmentFile('systemd', { LOG_LEVEL: 'warn' }, ownLinesIn(edited))
    expect(again).toMatch(/LOG_LEVEL="warn"\n[^]*OPENAI_API_KEY=k\n# why\n$/)
    expect(again).not.toContain('info')
  })

  it('shows no secret', () => {
    expect(withoutSecrets({ WORKER_TOKEN: 'x', LOG_LEVEL: 'info' })).toEqual({
      WORKER_TOKEN: '[secret]',
      LOG_LEVEL: 'info',
    })
  })
})

describe('serviceVariables', () => {
  const config = { configDir: '/home/ann/.config/rollcall' }

  it('takes what was given, paths absolute, and nothing else of the environment', () => {
    const given = {
      CONVEX_URL: 'https://happy-otter-123.convex.cloud',
      WORKER_DIRECTORY: '.',
      SHUTDOWN_HOOKS: 'a.js:/b.js',
      WORKER_NAME: '',
      CONVEX_DEPLOY_KEY: 'for a person, not for a worker',
      HOME: '/home/ann',
      PATH: '/src/rollcall/node_modules/.bin:/usr/bin:/home/ann/.npm/_npx/1/node_modules/pnpm/bin:/bin',
    }
    expect(serviceVariables(config, given)).toEqual({
      CONVEX_URL: 'https://happy-otter-123.convex.cloud',
      WORKER_DIRECTORY: process.cwd(),
      SHUTDOWN_HOOKS: `${process.cwd()}/a.js:/b.js`,
      ROLLCALL_CONFIG_DIR: '/home/ann/.config/rollcall',
      PATH: '/usr/bin:/bin',
    })
  })
})
