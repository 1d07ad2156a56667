import { convexToJson, type JSONValue } from 'convex/values'
import type { SerializedQuery } from '../store/queryTransaction'
import { databaseSyscall, normalizeId, startQuery } from './databaseSyscalls'
import type { ActionFrame, Frame, TransactionFrame } from './Frame'
import { FunctionFailure } from './FunctionFailure'
import type { FunctionRunner, Finished } from './FunctionRunner'
import { normalisePath, type LoadedFunctions } from './LoadedFunctions'
import type { RequestMetadata } from './RequestMetadata'
import type { RunningFunctions } from './RunningFunctions'
import { cancelScheduled, scheduleFunction } from './scheduleRows'

type Arguments = Record<string, JSONValue>

const HANDLE_PREFIX = 'function://;'

/** Answers what `convex/server` asks of its backend, for the function whose frame is current. */
export class Syscalls {
  constructor(
    private readonly runner: FunctionRunner,
    private readonly loaded: () => LoadedFunctions,
    private readonly running: RunningFunctions,
  ) {}

  /** Errors are answers: thrown ones would belong to another realm. */
  syscall(operation: string, text: string): { value: string } | { error: string } {
    try {
      return { value: this.answer(operation, text) }
    } catch (error: unknown) {
      return { error: error instanceof Error ? error.message : String(error) }
    }
  }

  private answer(operation: string, text: string): string {
    const frame = currentFrame(this.running, operation)
    const args = JSON.parse(text) as Arguments
    if (operation === '1.0/db/normalizeId') {
      return JSON.stringify({ id: normalizeId(args.table as string, args.idString as string) })
    }
    if (frame.kind !== 'query' && frame.kind !== 'mutation') throw notSupported(operation)
    switch (operation) {
      case '1.0/queryStream':
        return JSON.stringify({ queryId: startQuery(frame, args.query as unknown as SerializedQuery) })
      case '1.0/queryCleanup':
        frame.streams.get(args.queryId as number)?.return?.()
        return '{}'
      case '1.0/getSnapshotTs':
        return JSON.stringify(convexToJson(frame.shared.transaction.snapshot.ts))
      default:
        throw notSupported(operation)
    }
  }

  async asyncSyscall(operation: string, text: string): Promise<string> {
    const frame = currentFrame(this.running, operation)
    const args = JSON.parse(text) as Arguments
    const common = this.forAnyFrame(frame, operation, args)
    if (common !== undefined) return common
    switch (frame.kind) {
      case 'query':
      case 'mutation':
        return this.forTransaction(frame, operation, args)
      case 'action':
      case 'httpAction':
        return this.forAction(frame, operation, args)
    }
  }

  private forAnyFrame(frame: Frame, operation: string, args: Arguments): string | undefined {
    switch (operation) {
      case '1.0/getUserIdentity':
        return JSON.stringify(identityOf(frame))
      case '1.0/getFunctionMetadata':
        return JSON.stringify({ name: frame.path, componentPath: '' })
      case '1.0/getDeploymentMetadata':
        return JSON.stringify({ name: 'embedded', region: null, class: 's16' })
      case '1.0/getRequestMetadata':
        return JSON.stringify(requestOf(frame))
      case '1.0/createFunctionHandle':
        return JSON.stringify(
          HANDLE_PREFIX + this.runner.resolve({ path: address(args), internal: true }, null).path,
        )
      default:
        return undefined
    }
  }

  private async forTransaction(frame: TransactionFrame, operation: string, args: Arguments): Promise<string> {
    const { transaction, now } = frame.shared
    if (operation === '1.0/runUdf') {
      const type = args.udfType === 'mutation' ? 'mutation' : 'query'
      const run = () => this.runner.nested(frame, type, address(args), args.args ?? {})
      const running = (frame.nested ?? Promise.resolve()).then(run)
      frame.nested = running.catch(() => undefined)
      return running
    }
    if (frame.nested) await frame.nested
    assertRunning(frame, operation)
    const answer = databaseSyscall(frame, this.loaded(), operation, args)
    if (answer !== undefined) return answer
    if (operation === '1.0/getTransactionMetrics') return JSON.stringify(transaction.metrics.report())
    if (frame.kind === 'query') throw notSupported(operation)
    switch (operation) {
      case '1.0/schedule': {
        const target = this.runner.resolve({ path: address(args), internal: true }, null)
        return JSON.stringify(scheduleFunction(transaction, target, args.ts as number, args.args ?? {}))
      }
      case '1.0/cancel_job':
        cancelScheduled(transaction, args.id, now)
        return '{}'
      default:
        throw notSupported(operation)
    }
  }

  private async forAction(frame: ActionFrame, operation: string, args: Arguments): Promise<string> {
    const { identity, request } = frame
    const call = () => ({ path: address(args), args: args.args ?? {}, identity, request, internal: true })
    switch (operation) {
      case '1.0/actions/query':
        return valueOf(await this.runner.query(call(), null))
      case '1.0/actions/mutation':
        return valueOf(await this.runner.mutation(call()))
      case '1.0/actions/action':
        return valueOf(await this.runner.action(call()))
      case '1.0/actions/schedule': {
        const target = this.runner.resolve({ path: address(args), internal: true }, null)
        return JSON.stringify(
          await this.runner.transact((transaction) =>
            scheduleFunction(transaction, target, args.ts as number, args.args ?? {}),
          ),
        )
      }
      case '1.0/actions/cancel_job':
        await this.runner.transact((transaction) =>
          cancelScheduled(transaction, args.id as string, Date.now()),
        )
        return '{}'
      default:
        throw notSupported(operation)
    }
  }
}

function currentFrame(running: RunningFunctions, operation: string): Frame {
  const frame = running.current
  if (!frame) throw new Error(`${operation} was called outside of a function`)
  assertRunning(frame, operation)
  return frame
}

function assertRunning(frame: Frame, operation: string): void {
  if (frame.ended)
    throw new Error(`${operation} was called after ${frame.path} had answered: a promise was not awaited`)
}

function identityOf({ identity }: Frame): JSONValue {
  switch (identity.kind) {
    case 'none':
      return null
    case 'user':
      return identity.attributes
    case 'admin':
      return identity.actingAs ?? null
  }
}

function requestOf({ kind, request }: Frame): RequestMetadata {
  if (kind !== 'query') return request
  throw new FunctionFailure('getRequestMetadata() can only be called from a mutation or action', 'Error')
}

function address(args: Arguments): string {
  if (typeof args.name === 'string') return normalisePath(args.name)
  if (typeof args.functionHandle === 'string' && args.functionHandle.startsWith(HANDLE_PREFIX)) {
    return args.functionHandle.slice(HANDLE_PREFIX.length)
  }
  throw new Error('The embedded backend does not support components')
}

function valueOf(finished: Finished | null): string {
  if (!finished) throw new Error('The call was given up')
  if (finished.result.kind === 'failed') throw finished.result.failure
  return finished.result.json
}

function notSupported(operation: string): FunctionFailure {
  return new FunctionFailure(
    `The embedded backend does not support ${operation.replace('1.0/', '')} here`,
    'Error',
  )
}
