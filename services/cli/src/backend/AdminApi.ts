import { convexToJson, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import {
  getFunctionName,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from 'convex/server'
import { replyIn } from '@rollcall/worker/post-call'
import { postJson, type HttpAnswer } from '@rollcall/worker/post-json'
import * as z from 'zod'
import { AdminKeyRefusedError, BackendCallError, RefusalError } from '../errors'

type AnyFunction = FunctionReference<'query' | 'mutation' | 'action', 'internal' | 'public'>

const CALL_TIMEOUT_MS = 10_000

const environmentVariables = z.array(z.object({ name: z.string(), value: z.string() }))

/** A deployment as whoever holds its admin key may use it: the HTTP API of every Convex backend. */
export class AdminApi {
  constructor(
    readonly url: string,
    readonly adminKey: string,
  ) {}

  /**
   * Runs a function, internal ones too. Throws `RefusalError` for a no of our own functions, `BackendCallError` for anything else
   * that was answered, what the network said if nobody answers.
   */
  async run<F extends AnyFunction>(fn: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>> {
    const path = getFunctionName(fn)
    return await this.ask('/api/function', path, convexToJson(args))
  }

  /** The environment variables of the functions. */
  async environment(): Promise<Map<string, string>> {
    const variables = await this.ask('/api/query', '_system/cli/queryEnvironmentVariables:default', {})
    return new Map(environmentVariables.parse(variables).map(({ name, value }) => [name, value]))
  }

  async setEnvironment(values: Readonly<Record<string, string>>): Promise<void> {
    const changes = Object.entries(values).map(([name, value]) => ({ name, value }))
    const { status, body } = await this.post('/api/update_environment_variables', { changes })
    if (status >= 200 && status < 300) return
    throw new BackendCallError(`update_environment_variables: it answers ${status} ${body.slice(0, 200)}`)
  }

  private async ask(endpoint: string, path: string, args: JSONValue): Promise<Value> {
    const format = 'convex_encoded_json'
    const reply = replyIn(await this.post(endpoint, { path, format, args: [args] }))
    if (reply.kind === 'ok') return jsonToConvex(reply.value as JSONValue)
    if (reply.kind === 'refused') throw new RefusalError(reply.refusal.message, reply.refusal.code)
    throw new BackendCallError(`${path} at ${this.url}: ${reply.reason}`)
  }

  private async post(path: string, body: object): Promise<HttpAnswer> {
    const answered = await postJson(this.url + path, body, {
      headers: { authorization: `Convex ${this.adminKey}` },
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    if (answered.status !== 401 && answered.status !== 403) return answered
    throw new AdminKeyRefusedError(`${new URL(this.url).origin} does not take this admin key`)
  }
}
