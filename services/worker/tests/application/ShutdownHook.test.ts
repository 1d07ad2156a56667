import { pino, type Logger } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { wishOf, type HookContext } from '../../src/application/ShutdownHook'
import type { ShutdownOptions } from '../../src/application/stateHandlers/ShutdownHandler'
import { hang, hookOf, prepareShutdown, TIMEOUT } from './prepareShutdown'

/** Of chats and hooks together; the chats of these tests take no time. */
const FOR_HOOKS = 0.6 * TIMEOUT

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => vi.useRealTimers())

type Line = Record<string, unknown>

/** A logger, and the lines that it wrote. */
function listen(level = 'info'): { logger: Logger; lines: Line[] } {
  const lines: Line[] = []
  return { logger: pino({ level }, { write: (line) => lines.push(JSON.parse(line) as Line) }), lines }
}

/** Drains with these hooks; `log` is what was noted by the hooks and by the goodbye, with its time in milliseconds. */
function drain(hooks: ShutdownOptions['hooks'], options: Partial<ShutdownOptions> = {}) {
  const { logger, lines } = listen()
  const prepared = prepareShutdown({ hooks, logger, ...options })
  const from = performance.now()
  const farewell = prepared.handler.run()
  const outcomes = () =>
    lines
      .filter(({ event, step }) => event === 'shutdown.step' && String(step).startsWith('hook'))
      .map(({ step, outcome, ms }) => [step, outcome, ms])
  return { ...prepared, farewell, lines, outcomes, since: () => performance.now() - from }
}

const pause = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe('shutdown hooks', () => {
  it('run group after group, and side by side in a group', async () => {
    const { farewell, steps, outcomes } = drain([
      [hookOf('a', pause(100)), hookOf('b', pause(300))],
      [hookOf('c', pause(50))],
    ])
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    expect(await farewell).toBe('told')
    expect(outcomes()).toEqual([
      ['hook a', 'done', 100],
      ['hook b', 'done', 300],
      ['hook c', 'done', 50],
    ])
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(350)
  })

  it('begin only when opencode is gone, also after the chats are saved', async () => {
    const ran = vi.fn(() => Promise.resolve())
    drain([[hookOf('a', ran)]], {
      chats: {
        disconnectAll: (options) => {
          options?.onSaved?.()
          return pause(2_000)()
        },
      },
    })
    await vi.advanceTimersByTimeAsync(1_900)
    expect(ran).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(ran).toHaveBeenCalledOnce()
  })

  it('are told why, until when, and have a logger of their own', async () => {
    let context: HookContext | undefined
    const { farewell, lines } = drain(
      [
        [
          hookOf(
            'flush',
            (given) => {
              context = given
              given.logger.info({ event: 'flushed' }, 'all flushed')
              return Promise.resolve()
            },
            700,
          ),
        ],
      ],
      { request: { kind: 'crashed', cause: 'uncaughtException', message: 'a bug', exitCode: 1 } },
    )
    const now = Date.now()
    await vi.advanceTimersByTimeAsync(0)
    await farewell
    expect(context).toMatchObject({ cause: 'uncaughtException', deadline: now + 700 })
    expect(context?.signal.aborted).toBe(false)
    expect(lines.find(({ event }) => event === 'flushed')).toMatchObject({
      hook: 'flush',
      msg: 'all flushed',
    })
  })

  it.each(['superseded', 'revoked', 'refused'] as const)('run when the worker is %s', async (kind) => {
    const ran = vi.fn((_context: HookContext) => Promise.resolve())
    const request = { kind, successor: undefined, message: 'no' } as ShutdownOptions['request']
    const { farewell } = drain([[hookOf('a', ran)]], { request })
    await farewell
    expect(ran.mock.calls[0]?.[0].cause).toBe(kind)
  })

  it.each<[string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('disk full'))],
    [
      'throws at once',
      () => {
        throw new Error('disk full')
      },
    ],
  ])('one that %s is named in the log and does not stop the rest', async (_how, run) => {
    const { farewell, outcomes, lines } = drain([
      [hookOf('bad', run), hookOf('beside', pause(10))],
      [hookOf('after', pause(10))],
    ])
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    expect(await farewell).toBe('told')
    expect(outcomes().map(([step, outcome]) => [step, outcome])).toEqual([
      ['hook bad', 'failed'],
      ['hook beside', 'done'],
      ['hook after', 'done'],
    ])
    expect(lines.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      level: 40,
      msg: 'step hook bad: disk full',
    })
    expect(lines.some((line) => 'err' in line)).toBe(false)
  })

  it('one that fails has its stack in a log for debugging', async () => {
    const { logger, lines } = listen('debug')
    const { farewell } = drain([[hookOf('bad', () => Promise.reject(new Error('disk full')))]], { logger })
    await farewell
    const failed = lines.find(({ outcome }) => outcome === 'failed')
    expect(failed?.['err']).toMatchObject({ message: 'disk full', stack: expect.any(String) as string })
  })

  it('one that may answer no promise is taken as done', async () => {
    const { farewell, outcomes } = drain([[hookOf('plain', () => undefined as unknown as Promise<void>)]])
    await farewell
    expect(outcomes()).toEqual([['hook plain', 'done', 0]])
  })

  it('one that hangs is left behind at its budget, its signal fired, and the process does not stay for it', async () => {
    let signal: AbortSignal | undefined
    const { farewell, handler, outcomes, since } = drain([
      [
        hookOf(
          'hangs',
          (context) => {
            signal = context.signal
            return hang()
          },
          400,
        ),
      ],
    ])
    await vi.advanceTimersByTimeAsync(399)
    expect(signal?.aborted).toBe(false)
    expect(handler.hanging).toEqual(['hook hangs'])
    await vi.advanceTimersByTimeAsync(1)
    expect(signal?.aborted).toBe(true)
    expect(await farewell).toBe('told')
    expect(since()).toBe(400)
    expect(handler.hanging).toEqual([])
    expect(outcomes()).toEqual([['hook hangs', 'abandoned', 400]])
  })

  it('all get time although each hangs, and the goodbye comes at 60 %', async () => {
    const began: Record<string, number> = {}
    const hanging = (name: string, budgetMs?: number) =>
      hookOf(
        name,
        () => {
          began[name] = Math.round(since())
          return hang()
        },
        budgetMs,
      )
    const { farewell, steps, since } = drain([
      [hanging('a')],
      [hanging('b', 60_000), hanging('b2', 100)],
      [hanging('c')],
      [hanging('d', 600)],
    ])
    await vi.advanceTimersByTimeAsync(TIMEOUT)
    expect(await farewell).toBe('told')
    // `a`: a quarter, and the 900 of its own quarter that `d` does not ask for; and so on.
    expect(began).toEqual({ a: 0, b: 2_400, b2: 2_400, c: 4_200, d: FOR_HOOKS - 600 })
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(FOR_HOOKS)
  })

  it('are skipped by a second signal, which fires their signals', async () => {
    const after = vi.fn(() => Promise.resolve())
    let signal: AbortSignal | undefined
    const { farewell, forced, steps } = drain([
      [
        hookOf('hangs', (context) => {
          signal = context.signal
          return hang()
        }),
      ],
      [hookOf('after', after)],
    ])
    await vi.advanceTimersByTimeAsync(1_500)
    expect(signal?.aborted).toBe(false)
    forced.abort()
    expect(await farewell).toBe('told')
    expect(signal?.aborted).toBe(true)
    expect(after).not.toHaveBeenCalled()
    expect(steps.find(({ step }) => step === 'offline')?.at).toBe(1_500)
  })
})

describe('wishOf', () => {
  it('is the longest budget, or none if one hook takes what it gets', () => {
    expect(wishOf([hookOf('a', pause(1), 100), hookOf('b', pause(1), 300)])).toBe(300)
    expect(wishOf([hookOf('a', pause(1), 100), hookOf('b', pause(1))])).toBeUndefined()
  })
})
