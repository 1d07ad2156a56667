import { parse } from 'plist'
import { describe, expect, it } from 'vitest'
import { launchdAgent } from '../../src/service/launchdAgent'
import { launchdExitCode } from '../../src/service/launchdExitCode'
import { service } from './setup'

describe('launchdAgent', () => {
  it('is a property list that says the same as the unit', () => {
    expect(parse(launchdAgent(service, '/Users/ann/Library/Logs/<rollcall>.log'))).toEqual({
      Label: 'dev.rollcall.worker',
      ProgramArguments: [
        '/opt/node 20/bin/node',
        '--max-semi-space-size=1',
        '--no-opt',
        '--env-file=/home/ann/.config/rollcall/service.env',
        '/home/ann/100% & more/$index.js',
        'start',
        '--service',
        'launchd',
      ],
      WorkingDirectory: '/home/ann/100% & more',
      EnvironmentVariables: { PATH: '/usr/local/bin:/usr/bin' },
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 10,
      ExitTimeOut: 25,
      StandardOutPath: '/Users/ann/Library/Logs/<rollcall>.log',
      StandardErrorPath: '/Users/ann/Library/Logs/<rollcall>.log',
    })
  })
})

describe('launchdExitCode', () => {
  it.each([2, 3, 4, 130])('looks like success after %i, which another start would not mend', (exitCode) => {
    expect(launchdExitCode(exitCode)).toBe(0)
  })

  it.each([0, 1, 137])('leaves %i as it is', (exitCode) => {
    expect(launchdExitCode(exitCode)).toBe(exitCode)
  })
})
