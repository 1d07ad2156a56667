import { startScriptedModel, type ScriptedModelServer } from '@rollcall/scripted-model'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Id } from '@rollcall/backend/dataModel'
import { TestBackend, until, type TestWorker } from '../setup'
import { WorkerProcess, type WorkerOptions } from './WorkerProcess'

export interface Environment {
  backend: TestBackend
  model: ScriptedModelServer
  /** Starts a worker that is gone after the test, whatever happens. */
  start: (options: Partial<WorkerOptions>) => Promise<WorkerProcess>
  /** A worker with its token in the backend, and its process. */
  startWorker: (
    name: string,
    options?: Partial<WorkerOptions>,
  ) => Promise<{ made: TestWorker; worker: WorkerProcess }>
  /** Asks for a long answer and waits until some of it has arrived. */
  beginLongAnswer: (made: TestWorker) => Promise<Id<'sessions'>>
}

/**
 * A real backend and a scripted model for one file of tests. Must be called at its top level. `isConcurrent`: tests run side by
 * side, so a worker lives until all of them are over.
 */
export function useEnvironment(
  options: { dataDir?: () => string; isConcurrent?: boolean } = {},
): Environment {
  const started: WorkerProcess[] = []
  let backend: TestBackend | undefined
  let model: ScriptedModelServer | undefined

  beforeAll(async () => {
    backend = await TestBackend.start(options.dataDir && { dataDir: options.dataDir() })
    model = await startScriptedModel()
  })
  const disposeAll = () => Promise.all(started.splice(0).map((worker) => worker.dispose()))
  afterEach(async () => {
    if (!options.isConcurrent) await disposeAll()
  })
  afterAll(async () => {
    await disposeAll()
    await model?.close()
    await backend?.close()
  })

  const environment: Environment = {
    get backend() {
      if (!backend) throw new Error('the backend is for use inside a test')
      return backend
    },
    get model() {
      if (!model) throw new Error('the model is for use inside a test')
      return model
    },
    start: async (given) => {
      const worker = await WorkerProcess.start({
        url: environment.backend.url,
        token: 'none',
        modelUrl: environment.model.url,
        ...given,
      })
      started.push(worker)
      return worker
    },
    startWorker: async (name, given = {}) => {
      const made = await environment.backend.makeWorker(name)
      return { made, worker: await environment.start({ token: made.token, ...given }) }
    },
    beginLongAnswer: async (made) => {
      const sessionId = await environment.backend.chat(made, 'scripted/slow', 'Take your time.')
      await until('streaming text', () => environment.backend.answers(sessionId)[0]?.status === 'streaming')
      return sessionId
    },
  }
  return environment
}

/** Expects that one line, and no stack, tells a person what is wrong; answers it. */
export function expectOneClearLine(worker: WorkerProcess): string {
  const errors = worker.lines.filter(({ level }) => Number(level) >= 50)
  expect(errors.map(({ msg }) => msg)).toHaveLength(1)
  expect(worker.output).not.toMatch(/\n\s+at |"stack"/)
  return errors[0]?.msg ?? ''
}
