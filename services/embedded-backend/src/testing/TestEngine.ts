import {
  getFunctionName,
  type FunctionReference,
  type GenericSchema,
  type SchemaDefinition,
} from 'convex/server'
import { convexToJson, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import { pino, type Logger } from 'pino'
import { EmbeddedEngine } from '../engine/EmbeddedEngine'
import type { Finished, FunctionRunner } from '../engine/functions/FunctionRunner'
import { openParts, type EngineParts } from '../engine/openEngine'
import type { Scheduler } from '../engine/scheduler/Scheduler'
import { bundleOnce } from './bundleOnce'
import { inlineFunction, type CallTarget, type InlineType } from './inlineFunction'
import { ProcessEnvironment } from './ProcessEnvironment'
import type { TestCaller } from './testCaller'
import { thrownFor } from './thrownFor'

export interface TestEngineOptions {
  functionsDir: string
  schema?: SchemaDefinition<GenericSchema, boolean>
  logger?: Logger
}

interface Opened {
  parts: EngineParts
  engine: EmbeddedEngine
}

type Call = Parameters<FunctionRunner['action']>[0]

/** The engine of one test: opens at its first use, and answers in values, not in outcomes. */
export class TestEngine {
  private readonly environment = new ProcessEnvironment()
  private opened: Promise<Opened> | null = null
  private closing: Promise<void> | null = null

  constructor(private readonly options: TestEngineOptions) {}

  /** Rejects with what the function threw. Internal functions are within reach. */
  async call(
    type: InlineType,
    target: CallTarget,
    args: object | undefined,
    caller: TestCaller,
  ): Promise<unknown> {
    const { parts } = await this.open()
    const isInline = typeof target === 'function'
    const call: Call = {
      ...caller,
      path: isInline
        ? 'inline'
        : getFunctionName(target as FunctionReference<InlineType, 'public' | 'internal'>),
      args: convexToJson((args ?? {}) as Value),
      internal: true,
      ...(isInline ? { inline: inlineFunction(type, target, parts.syscalls) } : {}),
    }
    const finished = await runAs(type, parts.runner, call)
    if (!finished) throw new Error(`${call.path} was not run`)
    const { result } = finished
    if (result.kind === 'failed') throw thrownFor(result.failure)
    return jsonToConvex(JSON.parse(result.json) as JSONValue)
  }

  /** As a deployment, answers status 500 for what an HTTP action throws. */
  async fetch(path: string, init: RequestInit | undefined, caller: TestCaller): Promise<Response> {
    if (!path.startsWith('/')) throw new Error('A path to fetch must start with a `/`')
    const { engine } = await this.open()
    return engine.http(new Request(`${this.urls().siteUrl}${path}`, init), caller)
  }

  async scheduler(): Promise<Scheduler> {
    return (await this.open()).parts.scheduler
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private open(): Promise<Opened> {
    if (this.closing) return Promise.reject(new Error('This test’s engine is closed'))
    this.environment.refresh()
    this.opened ??= this.openNow()
    return this.opened
  }

  private async openNow(): Promise<Opened> {
    const { functionsDir, schema, logger = pino({ level: 'silent' }) } = this.options
    const parts = await openParts(
      { functionsDir, logger, dataDir: ':memory:', urls: () => this.urls() },
      {},
      { bundle: bundleOnce, environment: () => this.environment.values },
    )
    // Before a timer could ring: in a test they are no part of what is asked.
    parts.crons.stop()
    const engine = new EmbeddedEngine(parts)
    if (schema && !isSchemaOf(schema, parts)) {
      await engine.close()
      throw new Error(`The schema that was given is not that of ${functionsDir}`)
    }
    return { parts, engine }
  }

  private async shutDown(): Promise<void> {
    const opened = await this.opened?.catch(() => null)
    await opened?.engine.close()
  }

  private urls(): { cloudUrl: string; siteUrl: string } {
    const { values } = this.environment
    return {
      cloudUrl: values.get('CONVEX_CLOUD_URL') ?? 'https://some.convex.cloud',
      siteUrl: values.get('CONVEX_SITE_URL') ?? 'https://some.convex.site',
    }
  }
}

function runAs(type: InlineType, runner: FunctionRunner, call: Call): Promise<Finished | null> {
  switch (type) {
    case 'query':
      return runner.query(call, null)
    case 'mutation':
      return runner.mutation(call)
    case 'action':
      return runner.action(call)
  }
}

function isSchemaOf(schema: SchemaDefinition<GenericSchema, boolean>, { host }: EngineParts): boolean {
  const tables = Object.keys(schema.tables).sort()
  return JSON.stringify(tables) === JSON.stringify([...host.current().schemaTables].sort())
}
