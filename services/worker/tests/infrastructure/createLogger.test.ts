import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'

const tsx = createRequire(import.meta.url).resolve('tsx')
const module = new URL('../../src/infrastructure/logging/createLogger.ts', import.meta.url).href

/** What a process writes that logs `statements` with `log` and then exits at once. */
function output(format: 'json' | 'pretty', statements: string): string {
  const program = `
    import { createLogger } from '${module}'
    const log = createLogger({ level: 'info', format: '${format}', isTerminal: false }, ['s3cr3t'])
    ${statements}
    process.exit(0)`
  return spawnSync(process.execPath, ['--import', tsx, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  }).stdout
}

describe.each(['json', 'pretty'] as const)('a %s log', (format) => {
  it('has every line out before the process exits, and no secret in any', () => {
    const text = output(
      format,
      `log.info({ event: 'a', credentials: { token: 'abc' }, secret: 'def' }, 'first')
       log.error({ event: 'b', nested: { deep: { message: 'failed with s3cr3t' } } }, 'and s3cr3t again')
       for (let i = 0; i < 500; i += 1) log.info({ event: 'c', i }, 'many')
       log.info({ event: 'z' }, 'Graceful shutdown completed')`,
    )
    expect(text).toContain('Graceful shutdown completed')
    expect(text.match(/many.*\n/g)).toHaveLength(500)
    expect(text).toMatch(/Graceful shutdown completed.*\n$/)
    expect(text).not.toMatch(/s3cr3t|abc|def/)
    expect(text).toContain('[secret]')
  })
})
